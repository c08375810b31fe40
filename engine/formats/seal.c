/* Tells whether a file is the one that was sent: hashes, and signatures as minisign makes them. */
#include "engine/formats/seal.h"

#include "engine/core/files.h"
#include "engine/core/stage.h"
#include "engine/core/temporary.h"
#include "engine/core/text.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* As the minisign page describes them (Denis 2015, jedisct1.github.io/minisign): two letters say
 * the algorithm, eight bytes which key. */
enum { LETTERS = 2, NUMBER = 8, SALT = 32, LIMIT = 8, CHECK = 32, MOST = 1 << 16 };

struct public_key {
    unsigned char letters[LETTERS], number[NUMBER], key[crypto_sign_PUBLICKEYBYTES];
};
struct secret_key {
    unsigned char letters[LETTERS], derivation[LETTERS], check_letters[LETTERS], salt[SALT];
    unsigned char limits[2 * LIMIT], number[NUMBER], key[crypto_sign_SECRETKEYBYTES], check[CHECK];
};
struct signature {
    unsigned char letters[LETTERS], number[NUMBER], bytes[crypto_sign_BYTES];
};

static bool ready(struct error *error)
{
    return sodium_init() >= 0 || error_set(error, ERROR_INTERNAL, "libsodium cannot be started");
}

void seal_hash(char hex[SEAL_HASH], const void *bytes, size_t size)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, bytes, size);
    sodium_bin2hex(hex, SEAL_HASH, hash, sizeof hash);
}

/* ---- lines of base64 ---- */

static void add_line(struct text *text, const void *bytes, size_t size)
{
    char line[512];
    sodium_bin2base64(line, sizeof line, bytes, size, sodium_base64_VARIANT_ORIGINAL);
    text_add(text, "%s\n", line);
}

static bool take_line(const char **at, const char **begin, size_t *length)
{
    *begin = *at;
    *length = strcspn(*at, "\r\n");
    *at += *length;
    *at += **at == '\r' ? 1 : 0;
    *at += **at == '\n' ? 1 : 0;
    return *length > 0;
}

/* The next line holds exactly so many bytes. */
static bool take_bytes(const char **at, void *into, size_t size)
{
    const char *begin, *end;
    size_t length, got = 0;
    return take_line(at, &begin, &length)
           && sodium_base642bin(into, size, begin, length, NULL, &got, &end,
                                sodium_base64_VARIANT_ORIGINAL)
                  == 0
           && got == size && end == begin + length;
}

static bool take_comment(const char **at, const char *head, const char **begin, size_t *length)
{
    size_t skip = strlen(head);
    if (!take_line(at, begin, length) || strncmp(*begin, head, skip) != 0)
        return false;
    *begin += skip;
    *length -= skip;
    return true;
}

static const char UNTRUSTED[] = "untrusted comment: ", TRUSTED[] = "trusted comment: ";

/* ---- keys ---- */

static void check_of(unsigned char check[CHECK], const struct secret_key *secret)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, CHECK);
    crypto_generichash_update(&state, secret->letters, LETTERS);
    crypto_generichash_update(&state, secret->number, NUMBER);
    crypto_generichash_update(&state, secret->key, sizeof secret->key);
    crypto_generichash_final(&state, check, CHECK);
}

static void make_keys(struct secret_key *secret, struct public_key *public)
{
    memset(secret, 0, sizeof *secret); /* no derivation, no salt: no password */
    crypto_sign_keypair(public->key, secret->key);
    randombytes_buf(secret->number, NUMBER);
    memcpy(secret->letters, "Ed", LETTERS);
    memcpy(secret->check_letters, "B2", LETTERS);
    check_of(secret->check, secret);
    memcpy(public->letters, "Ed", LETTERS);
    memcpy(public->number, secret->number, NUMBER);
}

static bool write_text(const char *path, struct text *text, bool is_private, struct error *error)
{
    struct output output = {0};
    if (!text_check(text, error) || !output_open(&output, path, error))
        return false;
    if (is_private && fchmod(fileno(output.stream), S_IRUSR | S_IWUSR) != 0) {
        output_abandon(&output);
        return error_set(error, ERROR_CANNOT_WRITE, "%s: cannot be kept from others", path);
    }
    fwrite(text->bytes, 1, text->length, output.stream);
    return output_commit(&output, error);
}

static void add_number(struct text *text, const unsigned char number[NUMBER])
{
    for (int i = NUMBER - 1; i >= 0; i--) /* minisign prints it as a little-endian number */
        text_add(text, "%02X", number[i]);
}

static bool write_keys(const struct secret_key *secret, const struct public_key *public,
                       const char *const paths[2], struct error *error)
{
    struct text texts[2] = {0};
    text_add(&texts[0], "%sminisign secret key ", UNTRUSTED);
    add_number(&texts[0], secret->number);
    text_add(&texts[0], "\n");
    add_line(&texts[0], secret, sizeof *secret);
    text_add(&texts[1], "%sminisign public key ", UNTRUSTED);
    add_number(&texts[1], public->number);
    text_add(&texts[1], "\n");
    add_line(&texts[1], public, sizeof *public);
    struct stage stage;
    bool done = stage_open(&stage, paths[1], error);
    char *secret_path = done ? path_beside(stage.path, text_file_name(paths[0]), error) : NULL;
    done = secret_path != NULL && write_text(secret_path, &texts[0], true, error)
           && write_text(stage.path, &texts[1], false, error);
    done = stage_close(&stage, done, error);
    free(secret_path);
    if (texts[0].bytes != NULL)
        sodium_memzero(texts[0].bytes, texts[0].length);
    text_free(&texts[0]);
    text_free(&texts[1]);
    return done;
}

bool seal_make_keys(const char *secret_path, const char *public_path, struct error *error)
{
    const char *const paths[2] = {secret_path, public_path};
    struct secret_key secret;
    struct public_key public;
    if (!ready(error))
        return false;
    for (int i = 0; i < 2; i++)
        if (file_exists(paths[i]))
            return error_set(error, ERROR_CANNOT_WRITE,
                             "%s: is there already, and a key is not overwritten", paths[i]);
    make_keys(&secret, &public);
    bool done = write_keys(&secret, &public, paths, error);
    sodium_memzero(&secret, sizeof secret);
    return done;
}

static bool read_secret(struct secret_key *secret, const char *path, struct error *error)
{
    struct file_bytes file = {0};
    unsigned char check[CHECK];
    const char *comment;
    size_t length;
    if (!file_read_regular(&file, path, MOST, error))
        return false;
    const char *at = file.bytes;
    bool done = take_comment(&at, UNTRUSTED, &comment, &length)
                && take_bytes(&at, secret, sizeof *secret) && memcmp(secret->letters, "Ed", 2) == 0;
    bool open = done && secret->derivation[0] == 0 && secret->derivation[1] == 0;
    if (open)
        check_of(check, secret);
    bool whole = open && memcmp(check, secret->check, CHECK) == 0;
    sodium_memzero(file.bytes, file.size);
    file_free(&file);
    if (done && !open)
        return error_set(error, ERROR_DATA,
                         "%s: the key has a password; plein takes one without (minisign -W, or "
                         "plein handover key)",
                         path);
    return whole || error_set(error, ERROR_DATA, "%s: is no secret key of minisign's", path);
}

static bool read_public(struct public_key *public, const char *path, struct error *error)
{
    struct file_bytes file = {0};
    const char *comment;
    size_t length;
    if (!file_read_regular(&file, path, MOST, error))
        return false;
    const char *at = file.bytes;
    bool done = take_comment(&at, UNTRUSTED, &comment, &length)
                && take_bytes(&at, public, sizeof *public) && memcmp(public->letters, "Ed", 2) == 0;
    file_free(&file);
    return done || error_set(error, ERROR_DATA, "%s: is no public key of minisign's", path);
}

/* ---- signatures ---- */

static bool hash_file(unsigned char hash[crypto_generichash_BYTES_MAX], const char *path,
                      struct error *error)
{
    struct file_bytes file = {0};
    if (!file_read_regular(&file, path, 0, error))
        return false;
    crypto_generichash(hash, crypto_generichash_BYTES_MAX, (const unsigned char *)file.bytes,
                       file.size, NULL, 0);
    file_free(&file);
    return true;
}

/* The second signature, over the first and the comment. */
static void sign_comment(unsigned char whole[crypto_sign_BYTES], const struct signature *signature,
                         const char *comment, const struct secret_key *secret)
{
    unsigned char bytes[crypto_sign_BYTES + 1024];
    size_t length = strlen(comment);
    memcpy(bytes, signature->bytes, crypto_sign_BYTES);
    memcpy(bytes + crypto_sign_BYTES, comment, length);
    crypto_sign_detached(whole, NULL, bytes, crypto_sign_BYTES + length, secret->key);
}

static char *signature_path(const char *path, struct error *error)
{
    struct text text = {0};
    text_add(&text, "%s.minisig", path);
    if (text_check(&text, error))
        return text.bytes;
    text_free(&text);
    return NULL;
}

bool seal_sign(const char *path, const char *secret_path, struct error *error)
{
    struct secret_key secret;
    struct signature signature = {.letters = {'E', 'D'}};
    unsigned char hash[crypto_generichash_BYTES_MAX], whole[crypto_sign_BYTES];
    struct text text = {0}, comment = {0};
    if (!ready(error) || !read_secret(&secret, secret_path, error) || !hash_file(hash, path, error))
        return false;
    memcpy(signature.number, secret.number, NUMBER);
    crypto_sign_detached(signature.bytes, NULL, hash, sizeof hash, secret.key);
    text_add(&comment, "file:%.900s", text_file_name(path)); /* no time: the same bytes each time */
    bool done = text_check(&comment, error);
    if (done)
        sign_comment(whole, &signature, comment.bytes, &secret);
    sodium_memzero(&secret, sizeof secret);
    text_add(&text, "%ssignature by plein\n", UNTRUSTED);
    add_line(&text, &signature, sizeof signature);
    text_add(&text, "%s%s\n", TRUSTED, done ? comment.bytes : "");
    add_line(&text, whole, sizeof whole);
    char *beside = done ? signature_path(path, error) : NULL;
    done = beside != NULL && write_text(beside, &text, false, error);
    array_free(&beside);
    text_free(&text);
    text_free(&comment);
    return done;
}

/* What a .minisig file says. */
struct sealed {
    struct signature signature;
    unsigned char whole[crypto_sign_BYTES];
    unsigned char signed_bytes[crypto_sign_BYTES + 1024]; /* the signature and the comment */
    size_t signed_size;
};

static bool parse_signature(struct sealed *sealed, const char *at)
{
    const char *comment;
    size_t length;
    if (!take_comment(&at, UNTRUSTED, &comment, &length)
        || !take_bytes(&at, &sealed->signature, sizeof sealed->signature)
        || !take_comment(&at, TRUSTED, &comment, &length) || length > 1024
        || !take_bytes(&at, sealed->whole, sizeof sealed->whole))
        return false;
    memcpy(sealed->signed_bytes, sealed->signature.bytes, crypto_sign_BYTES);
    memcpy(sealed->signed_bytes + crypto_sign_BYTES, comment, length);
    sealed->signed_size = crypto_sign_BYTES + length;
    return memcmp(sealed->signature.letters, "ED", 2) == 0;
}

static enum seal_verdict judge(const struct sealed *sealed, const struct public_key *public,
                               const unsigned char hash[crypto_generichash_BYTES_MAX])
{
    if (memcmp(sealed->signature.number, public->number, NUMBER) != 0)
        return SEAL_OTHER_KEY;
    bool good = crypto_sign_verify_detached(sealed->signature.bytes, hash,
                                            crypto_generichash_BYTES_MAX, public->key)
                    == 0
                && crypto_sign_verify_detached(sealed->whole, sealed->signed_bytes,
                                               sealed->signed_size, public->key)
                       == 0;
    return good ? SEAL_GOOD : SEAL_FORGED;
}

bool seal_verify(enum seal_verdict *verdict, const char *path, const char *public_path,
                 struct error *error)
{
    struct public_key public;
    struct sealed sealed = {0};
    struct file_bytes file = {0};
    unsigned char hash[crypto_generichash_BYTES_MAX];
    *verdict = SEAL_ABSENT;
    if (!ready(error) || !read_public(&public, public_path, error) || !hash_file(hash, path, error))
        return false;
    char *beside = signature_path(path, error);
    if (beside == NULL || !file_exists(beside)) {
        bool named = beside != NULL;
        array_free(&beside);
        return named;
    }
    bool done = file_read_regular(&file, beside, MOST, error);
    if (done && !parse_signature(&sealed, file.bytes))
        done = error_set(error, ERROR_DATA, "%s: is no signature of minisign's", beside);
    if (done)
        *verdict = judge(&sealed, &public, hash);
    file_free(&file);
    array_free(&beside);
    return done;
}
