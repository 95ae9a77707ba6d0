#pragma once

#include <openssl/evp.h>

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/merkle/tree.h"

// What a log commits to at a moment, signed. A log must sign heads of growing size only; whoever
// keeps two heads checks that with VerifyConsistency. All functions are thread-safe.

namespace veche::merkle {

struct Head {
  std::string log_id;         // UTF-8, 1..65,535 bytes; tells logs with the same key apart
  uint64_t size = 0;          // leaves in the tree
  uint64_t unix_seconds = 0;  // when the head was signed
  Hash root = {};

  friend bool operator==(const Head&, const Head&) = default;
};

struct SignedHead {
  Head head;
  std::string signature;  // Ed25519 over HeadBytes(head), 64 bytes
};

// What is signed: "veche/head/v1" ‖ length of log_id (2 bytes) ‖ log_id ‖ size (8 bytes) ‖
// unix_seconds (8 bytes) ‖ root (32 bytes); numbers big-endian. InvalidArgument when the length of
// log_id is out of range.
absl::StatusOr<std::string> HeadBytes(const Head& head);

// `key` is an Ed25519 private key (crypto::GenerateEd25519, crypto::Ed25519FromPem). Errors of
// HeadBytes.
absl::StatusOr<SignedHead> SignHead(const Head& head, const EVP_PKEY& key);
// Whether the signature is that of `key`, an Ed25519 public or private key
// (crypto::Ed25519FromPublic), over exactly this head. Any input is safe.
bool VerifyHead(const SignedHead& signed_head, const EVP_PKEY& key);

}  // namespace veche::merkle
