#pragma once

#include <openssl/evp.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

// Encryption of messages to browsers (RFC 8291). Pure over OpenSSL; thread-safe.

namespace veche::notifications {

constexpr size_t kPushAuthBytes = 16;
// What a push service must accept is 4,096 bytes of body; so much text fits into them.
constexpr size_t kMostPushText = 4096 - 86 - 17;

// The body of a message that only the browser with these keys can read. `p256dh` is its public key,
// `auth` its secret (kPushAuthBytes). Each message has a new sender's key: RFC 8291 demands it, and
// a key that served two messages would let one who gets it read both. InvalidArgument when the keys
// are not valid or the text is longer than kMostPushText.
absl::StatusOr<std::string> EncryptPush(absl::string_view text, absl::string_view p256dh,
                                        absl::string_view auth);

// The same with a given sender's key and salt: for test vectors alone.
absl::StatusOr<std::string> EncryptPushWith(EVP_PKEY& sender, absl::string_view salt,
                                            absl::string_view text, absl::string_view p256dh,
                                            absl::string_view auth);

}  // namespace veche::notifications
