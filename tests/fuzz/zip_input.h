/* A zip made of an input's parts, so that a fuzzer's changes reach what is read behind the
 * checksums. */
#ifndef PLEIN_TESTS_ZIP_INPUT_H
#define PLEIN_TESTS_ZIP_INPUT_H

#include "tests/fuzz/input_file.h"

#include <zlib.h>

enum { ZIP_PARTS = 8, ZIP_LOCAL = 30, ZIP_CENTRAL = 46, ZIP_END = 22 };

struct zip_part {
    const char *name;
    const uint8_t *bytes;
    size_t size;
};

struct zip_buffer {
    uint8_t *bytes;
    size_t length;
};

static inline void zip_put(struct zip_buffer *zip, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        zip->bytes[zip->length++] = (uint8_t)(value >> 8 * i);
}

static inline void zip_put_bytes(struct zip_buffer *zip, const void *bytes, size_t size)
{
    if (size > 0)
        memcpy(zip->bytes + zip->length, bytes, size);
    zip->length += size;
}

/* What a member's two headers share: version, flags, method, time, checksum, sizes. */
static inline void zip_put_facts(struct zip_buffer *zip, const struct zip_part *part)
{
    zip_put(zip, 20, 2);
    zip_put(zip, 0x800, 2); /* names in UTF-8 */
    zip_put(zip, 0, 2);     /* stored */
    zip_put(zip, 0x210000, 4);
    zip_put(zip, (uint32_t)crc32(0, part->bytes, (uInt)part->size), 4);
    zip_put(zip, (uint32_t)part->size, 4);
    zip_put(zip, (uint32_t)part->size, 4);
    zip_put(zip, (uint32_t)strlen(part->name), 2);
    zip_put(zip, 0, 2);
}

/* Writes the parts as the members of a stored zip into the fuzzer's file. */
static inline void write_zip(const struct zip_part *parts, size_t count)
{
    size_t size = ZIP_END, starts[ZIP_PARTS];
    for (size_t i = 0; i < count; i++)
        size += ZIP_LOCAL + ZIP_CENTRAL + 2 * strlen(parts[i].name) + parts[i].size;
    struct zip_buffer zip = {malloc(size), 0};
    if (zip.bytes == NULL || count > ZIP_PARTS)
        abort();
    for (size_t i = 0; i < count; i++) {
        starts[i] = zip.length;
        zip_put(&zip, 0x04034b50, 4);
        zip_put_facts(&zip, &parts[i]);
        zip_put_bytes(&zip, parts[i].name, strlen(parts[i].name));
        zip_put_bytes(&zip, parts[i].bytes, parts[i].size);
    }
    size_t central = zip.length;
    for (size_t i = 0; i < count; i++) {
        zip_put(&zip, 0x02014b50, 4);
        zip_put(&zip, 20, 2);
        zip_put_facts(&zip, &parts[i]);
        zip_put(&zip, 0, 4);
        zip_put(&zip, 0, 2);
        zip_put(&zip, 0, 4);
        zip_put(&zip, (uint32_t)starts[i], 4);
        zip_put_bytes(&zip, parts[i].name, strlen(parts[i].name));
    }
    size_t end = zip.length;
    zip_put(&zip, 0x06054b50, 4);
    zip_put(&zip, 0, 4);
    zip_put(&zip, (uint32_t)count, 2);
    zip_put(&zip, (uint32_t)count, 2);
    zip_put(&zip, (uint32_t)(end - central), 4);
    zip_put(&zip, (uint32_t)central, 4);
    zip_put(&zip, 0, 2);
    write_input(zip.bytes, zip.length);
    free(zip.bytes);
}

/* The input as members of these names, parted by NUL bytes; one that is not there is left out. */
static inline void write_zip_of(const char *const *names, const uint8_t *data, size_t size)
{
    struct zip_part parts[ZIP_PARTS];
    size_t count = 0;
    for (; size > 0 && count < ZIP_PARTS && names[count] != NULL; count++) {
        const uint8_t *nul = memchr(data, 0, size);
        size_t length = nul != NULL ? (size_t)(nul - data) : size;
        parts[count] = (struct zip_part){names[count], data, length};
        data += length + (nul != NULL);
        size -= length + (nul != NULL);
    }
    write_zip(parts, count);
}

#endif
