#pragma once

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/blind_rsa/keys.h"

// Keys and vectors for tests.

namespace veche::blind_rsa::testing {

// One of the four vectors of RFC 9474, appendix A. All strings are bytes, not hexadecimal.
struct Vector {
  std::string name;  // "RSABSSA-SHA384-PSS-Randomized"
  std::string p, q, n, e, d;
  std::string message;
  std::string prefix;  // "" in the Deterministic variants
  std::string input;   // prefix ‖ message
  std::string salt;    // "" in the PSSZERO variants
  std::string inverse;
  std::string blinded;
  std::string blind_signature;
  std::string signature;
};
// Reads testdata/rfc9474.json.
std::vector<Vector> Rfc9474Vectors();

// PKCS#8 of the key with these numbers (big-endian), consistent or not.
std::string Pkcs8Of(absl::string_view n, absl::string_view e, absl::string_view d,
                    absl::string_view p, absl::string_view q);
// SubjectPublicKeyInfo of the key with these numbers; `type` is "RSA" or "RSA-PSS".
std::string SpkiOf(absl::string_view n, absl::string_view e, const char* type = "RSA");

// A plain RSA-PSS signature (SHA-384 for both hashes) of `text` by OpenSSL alone, with a salt of
// this length.
std::string PssSign(const PrivateKey& key, absl::string_view text, int salt_bytes);

// A PKCS #1 v1.5 signature (SHA-384) of `text`.
std::string Pkcs1Sign(const PrivateKey& key, absl::string_view text);

// `number` + `difference` with as many bytes as `number`. REQUIRES: the sum fits.
std::string Plus(absl::string_view number, int difference);

// The big-endian modulus of `key`.
std::string ModulusOf(const PublicKey& key);

// r^-1 mod n, with as many bytes as n.
std::string InverseOf(absl::string_view r, absl::string_view n);

}  // namespace veche::blind_rsa::testing
