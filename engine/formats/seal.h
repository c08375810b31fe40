/* Tells whether a file is the one that was sent: hashes, and signatures as minisign makes them. */
#ifndef PLEIN_FORMATS_SEAL_H
#define PLEIN_FORMATS_SEAL_H

#include "engine/core/base.h"

enum { SEAL_HASH = 65 };
/* SHA-256 (FIPS 180-4) in hexadecimal. */
void seal_hash(char hex[SEAL_HASH], const void *bytes, size_t size);

/* A new pair of keys in two files that minisign reads: the secret one without a password, readable
 * by its owner alone. ERROR_CANNOT_WRITE; a file that is there already is not overwritten. */
bool seal_make_keys(const char *secret_path, const char *public_path, struct error *error);
/* Writes FILE.minisig. ERROR_NO_INPUT, ERROR_DATA: no secret key, or one with a password. */
bool seal_sign(const char *path, const char *secret_path, struct error *error);

enum seal_verdict { SEAL_GOOD, SEAL_FORGED, SEAL_OTHER_KEY, SEAL_ABSENT };
/* Holds FILE against FILE.minisig. ERROR_DATA: no public key, no signature of minisign's. */
bool seal_verify(enum seal_verdict *verdict, const char *path, const char *public_path,
                 struct error *error);

#endif
