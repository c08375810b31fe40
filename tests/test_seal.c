/* Tests hashes and signatures, and against minisign's own files where it is installed. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/formats/seal.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], secret[96], public[96], letter[96], sealed[112];

static int in_a_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/plein-seal-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(secret, sizeof secret, "%s/own.key", folder);
    snprintf(public, sizeof public, "%s/own.pub", folder);
    snprintf(letter, sizeof letter, "%s/letter.zip", folder);
    snprintf(sealed, sizeof sealed, "%s.minisig", letter);
    return 0;
}

static int without_it(void **state)
{
    char command[128];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 ? 0 : -1;
}

static void put(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static void a_hash_is_that_of_the_standard(void **state)
{
    (void)state;
    char hex[SEAL_HASH];
    seal_hash(hex, "abc", 3); /* FIPS 180-4, example 1 */
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    seal_hash(hex, "", 0);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static enum seal_verdict verdict_of(const char *with)
{
    enum seal_verdict verdict;
    struct error error = {0};
    if (!seal_verify(&verdict, letter, with, &error))
        fail_msg("%s", error.message);
    return verdict;
}

static void only_what_was_signed_is_good(void **state)
{
    (void)state;
    struct error error = {0};
    struct stat facts;
    char other[2][112];
    assert_true(seal_make_keys(secret, public, &error));
    assert_int_equal(stat(secret, &facts), 0);
    assert_int_equal(facts.st_mode & 077, 0);
    assert_false(seal_make_keys(secret, public, &error)); /* a key is not overwritten */
    assert_int_equal(error.kind, ERROR_CANNOT_WRITE);
    put(letter, "what is handed over");
    assert_int_equal(verdict_of(public), SEAL_ABSENT);
    assert_true(seal_sign(letter, secret, &error));
    assert_int_equal(verdict_of(public), SEAL_GOOD);
    put(letter, "what is handed over.");
    assert_int_equal(verdict_of(public), SEAL_FORGED);
    put(letter, "what is handed over");
    assert_int_equal(verdict_of(public), SEAL_GOOD);
    snprintf(other[0], sizeof other[0], "%s/other.key", folder);
    snprintf(other[1], sizeof other[1], "%s/other.pub", folder);
    assert_true(seal_make_keys(other[0], other[1], &error));
    assert_int_equal(verdict_of(other[1]), SEAL_OTHER_KEY);
}

static void a_changed_comment_is_forged(void **state)
{
    (void)state;
    struct error error = {0};
    struct file_bytes file = {0};
    assert_true(file_read(&file, sealed, 0, &error));
    char *name = strstr(file.bytes, "file:letter");
    assert_non_null(name);
    memcpy(name, "file:lettuc", 11);
    put(sealed, file.bytes);
    file_free(&file);
    assert_int_equal(verdict_of(public), SEAL_FORGED);
    assert_true(seal_sign(letter, secret, &error));
}

static void what_is_no_key_is_said_to_be_none(void **state)
{
    (void)state;
    enum seal_verdict verdict;
    struct error error = {0};
    assert_false(seal_sign(letter, public, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_false(seal_verify(&verdict, letter, secret, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    put(sealed, "untrusted comment: nothing\nAAAA\n");
    assert_false(seal_verify(&verdict, letter, public, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_true(seal_sign(letter, secret, &error));
}

/* A file of minisign's own, of four bytes: signature and key as its users publish them. */
static void a_signature_of_minisign_is_good(void **state)
{
    (void)state;
    char own[112], theirs[112];
    snprintf(own, sizeof own, "%s/theirs.pub", folder);
    snprintf(theirs, sizeof theirs, "%s/test", folder);
    put(own, "untrusted comment: a key\n"
             "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n");
    put(theirs, "test");
    strcat(theirs, ".minisig");
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    for (int i = 0; i < 3; i++) {
        enum seal_verdict verdict;
        struct error error = {0};
        char text[600];
        snprintf(
            text, sizeof text,
            "untrusted comment: any%s"
            "RUQf6LRCGA9i559r3g7V1qNyJDApGip8MfqcadIgT9CuhV3EMhHoN1mGTkUidF/"
            "z7SrlQgXdy8ofjb7bNJJylDOocrCo8KLzZwo=%s"
            "trusted comment: timestamp:1633700835\tfile:test\tprehashed%s"
            "wLMDjy9FLAuxZ3q4NlEvkgtyhrr0gtTu6KC4KBJdITbbOeAi1zBIYo0v4iTgt8jJpIidRJnp94ABQkJAgAoo"
            "BQ==%s",
            ends[i], ends[i], ends[i], ends[i]);
        put(theirs, text);
        char name[112];
        snprintf(name, sizeof name, "%s/test", folder);
        if (!seal_verify(&verdict, name, own, &error))
            fail_msg("%s", error.message);
        assert_int_equal(verdict, SEAL_GOOD);
    }
}

static bool replace_lines(const char *const lines[4])
{
    enum seal_verdict verdict;
    struct error error = {0};
    struct text text = {0};
    for (int i = 0; i < 4; i++)
        text_add(&text, "%s\n", lines[i]);
    put(sealed, text.bytes);
    text_free(&text);
    bool read = seal_verify(&verdict, letter, public, &error);
    if (read)
        assert_int_equal(verdict, SEAL_FORGED);
    else
        assert_non_null(strstr(error.message, "is no signature of minisign's"));
    return read;
}

/* The lines that are there, with one of them changed. */
static void a_signature_has_four_lines_of_known_lengths(void **state)
{
    (void)state;
    struct error error = {0};
    struct file_bytes file = {0};
    char *lines[4], comment[1100] = "trusted comment: ", first[128];
    assert_true(seal_sign(letter, secret, &error) && file_read(&file, sealed, 0, &error));
    for (int i = 0; i < 4; i++)
        lines[i] = strtok(i == 0 ? file.bytes : NULL, "\n");
    size_t head = strlen(comment);
    for (size_t length = 1023; length <= 1025; length++) {
        memset(comment + head, 'x', length);
        comment[head + length] = '\0';
        assert_int_equal(replace_lines((const char *[]){lines[0], lines[1], comment, lines[3]}),
                         length <= 1024);
    }
    for (int i = 0; i < 4; i++) {
        const char *changed[4] = {lines[0], lines[1], lines[2], lines[3]};
        changed[i] = i % 2 == 0 ? "no comment: x" : "AAAA";
        assert_false(replace_lines(changed));
    }
    snprintf(first, sizeof first, "%s", lines[1]);
    first[1] = 'W'; /* "Ed": not hashed first, as minisign once did */
    assert_false(replace_lines((const char *[]){lines[0], first, lines[2], lines[3]}));
    snprintf(first, sizeof first, "%s ", lines[1]);
    assert_false(replace_lines((const char *[]){lines[0], first, lines[2], lines[3]}));
    snprintf(first, sizeof first, "%s", lines[1]);
    char *letter_of_it = &first[strlen(first) - 5]; /* of the signature alone */
    *letter_of_it = *letter_of_it == 'A' ? 'B' : 'A';
    assert_true(replace_lines((const char *[]){lines[0], first, lines[2], lines[3]}));
    file_free(&file);
    assert_true(seal_sign(letter, secret, &error));
    assert_int_equal(verdict_of(public), SEAL_GOOD);
}

static void refuse_secret(const char *text)
{
    struct error error = {0};
    char path[96];
    snprintf(path, sizeof path, "%s/refused.key", folder);
    put(path, text);
    assert_false(seal_sign(letter, path, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, path));
}

static void refuse_public(const char *text)
{
    struct error error = {0};
    enum seal_verdict verdict;
    char path[96];
    snprintf(path, sizeof path, "%s/refused.pub", folder);
    put(path, text);
    assert_false(seal_verify(&verdict, letter, path, &error));
    assert_int_equal(error.kind, ERROR_DATA);
    assert_non_null(strstr(error.message, "is no public key of minisign's"));
}

/* With another comment, without one, without a key behind it, of another algorithm. */
static void a_key_has_two_lines_of_known_letters(void **state)
{
    (void)state;
    struct file_bytes file = {0};
    for (int i = 0; i < 2; i++) {
        void (*refuse)(const char *text) = i == 0 ? refuse_secret : refuse_public;
        assert_true(file_read(&file, i == 0 ? secret : public, 0, NULL));
        char *line = strchr(file.bytes, '\n') + 1;
        refuse("");
        refuse("\n");
        refuse(line);
        file.bytes[0] = 'x';
        refuse(file.bytes);
        file.bytes[0] = 'u';
        line[1] = 'X'; /* the letters are "EW" now */
        refuse(file.bytes);
        line[0] = '\n';
        refuse(file.bytes);
        line[0] = '\0';
        refuse(file.bytes);
        file_free(&file);
    }
}

/* The two letters behind the first two say how the key is derived from a password. */
static void a_key_with_a_password_is_told_from_one_that_is_none(void **state)
{
    (void)state;
    struct error error = {0};
    unsigned char bytes[158];
    char text[400], path[96];
    for (int i = 2; i < 4; i++) {
        memset(bytes, 0, sizeof bytes);
        memcpy(bytes, "Ed", 2);
        bytes[i] = 'S';
        size_t head = (size_t)snprintf(text, sizeof text, "untrusted comment: a key\n");
        sodium_bin2base64(text + head, sizeof text - head, bytes, sizeof bytes,
                          sodium_base64_VARIANT_ORIGINAL);
        snprintf(path, sizeof path, "%s/locked.key", folder);
        put(path, text);
        assert_false(seal_sign(letter, path, &error));
        assert_non_null(strstr(error.message, "the key has a password"));
    }
}

/* As minisign prints it: the eight bytes behind the two letters, the last one first. */
static void both_keys_say_their_number(void **state)
{
    (void)state;
    const char *const paths[] = {secret, public};
    static const char *const names[] = {"secret", "public"};
    static const size_t places[] = {2 + 2 + 2 + 32 + 16, 2};
    for (int i = 0; i < 2; i++) {
        struct file_bytes file = {0};
        unsigned char bytes[200];
        char wanted[100];
        size_t got;
        assert_true(file_read(&file, paths[i], 0, NULL));
        const char *line = strchr(file.bytes, '\n') + 1;
        assert_int_equal(sodium_base642bin(bytes, sizeof bytes, line, strlen(line), "\n", &got,
                                           NULL, sodium_base64_VARIANT_ORIGINAL),
                         0);
        assert_int_equal(got, i == 0 ? 158 : 42);
        int length =
            snprintf(wanted, sizeof wanted, "untrusted comment: minisign %s key ", names[i]);
        for (int b = 7; b >= 0; b--)
            length += snprintf(wanted + length, sizeof wanted - (size_t)length, "%02X",
                               bytes[places[i] + (size_t)b]);
        wanted[length++] = '\n';
        assert_memory_equal(file.bytes, wanted, (size_t)length);
        file_free(&file);
    }
}

/* Any byte of a secret key that is changed is noticed; its check covers all of it that is used. */
static void a_damaged_key_signs_nothing(void **state)
{
    (void)state;
    struct error error = {0};
    struct file_bytes file = {0};
    char path[96];
    snprintf(path, sizeof path, "%s/damaged.key", folder);
    assert_true(file_read(&file, secret, 0, &error));
    assert_non_null(strstr(file.bytes, "untrusted comment: minisign secret key "));
    char *line = strchr(file.bytes, '\n') + 1;
    /* Behind letters, salt and limits stand number, key and check: bytes 54 to 158. */
    for (size_t at = 72; at < 210; at += 3) {
        char was = line[at];
        line[at] = was == 'A' ? 'B' : 'A';
        put(path, file.bytes);
        line[at] = was;
        assert_false(seal_sign(letter, path, &error));
        assert_non_null(strstr(error.message, "is no secret key of minisign's"));
    }
    line[3] = line[3] == 'A' ? 'Q' : 'A';
    line[4] = 'U'; /* derived from a password */
    put(path, file.bytes);
    file_free(&file);
    assert_false(seal_sign(letter, path, &error));
    assert_int_equal(error.kind, ERROR_DATA);
}

static void minisign_says_so_too(void **state)
{
    (void)state;
    char command[512];
    if (system("command -v minisign >/dev/null 2>&1") != 0) {
        print_message("minisign is not installed: its view is not asked\n");
        skip();
    }
    snprintf(command, sizeof command, "minisign -Vm %s -p %s >/dev/null", letter, public);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "minisign -Sm %s -s %s -t hello >/dev/null", letter, secret);
    assert_int_equal(system(command), 0);
    assert_int_equal(verdict_of(public), SEAL_GOOD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hash_is_that_of_the_standard),
        cmocka_unit_test(only_what_was_signed_is_good),
        cmocka_unit_test(a_changed_comment_is_forged),
        cmocka_unit_test(what_is_no_key_is_said_to_be_none),
        cmocka_unit_test(a_signature_of_minisign_is_good),
        cmocka_unit_test(a_signature_has_four_lines_of_known_lengths),
        cmocka_unit_test(a_key_has_two_lines_of_known_letters),
        cmocka_unit_test(a_key_with_a_password_is_told_from_one_that_is_none),
        cmocka_unit_test(both_keys_say_their_number),
        cmocka_unit_test(a_damaged_key_signs_nothing),
        cmocka_unit_test(minisign_says_so_too),
    };
    return cmocka_run_group_tests(tests, in_a_folder, without_it);
}
