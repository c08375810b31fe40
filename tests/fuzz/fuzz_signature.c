/* Fuzzes minisign's files: the first line's length tells where the public key ends and the
 * signature begins; what is signed is one byte. No forged one may be good. */
#include "engine/formats/seal.h"

#include "tests/fuzz/input_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_file(const char *name, const uint8_t *data, size_t size)
{
    FILE *file = fopen(name, "wb");
    if (file == NULL || fwrite(data, 1, size, file) != size || fclose(file) != 0)
        abort();
}

static char folder[64], names[4][128];

static void tidy(void)
{
    for (int i = 0; i < 4; i++)
        unlink(names[i]);
    rmdir(folder);
}

static void prepare(void)
{
    static const char *const ENDS[] = {"file", "file.minisig", "public", "secret"};
    snprintf(folder, sizeof folder, "%s/plein-fuzz-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(folder) == NULL)
        abort();
    for (int i = 0; i < 4; i++)
        snprintf(names[i], sizeof names[i], "%s/%s", folder, ENDS[i]);
    atexit(tidy);
    write_file(names[0], (const uint8_t *)"x", 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum seal_verdict verdict = SEAL_ABSENT;
    struct error error = {0};
    if (size < 2)
        return 0;
    if (folder[0] == '\0')
        prepare();
    size_t key = data[0] < size - 1 ? data[0] : size - 1;
    write_file(names[2], data + 1, key);
    write_file(names[1], data + 1 + key, size - 1 - key);
    if (!seal_verify(&verdict, names[0], names[2], &error))
        expect_told(&error);
    write_file(names[3], data + 1 + key, size - 1 - key);
    error = (struct error){0};
    if (!seal_sign(names[0], names[3], &error))
        expect_told(&error);
    return 0;
}
