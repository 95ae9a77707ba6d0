#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "services/polling/protocol/limits.h"

// The definition of a poll: entry 0 of its board (docs/polling-protocol.md, section 1).

namespace veche::polling::protocol {

using TextsByLanguage = std::map<std::string, std::string>;

// What all ballots and results of a poll are checked against. Keys are bytes here, and base64 in
// JSON.
struct Definition {
  struct Option {
    std::string id;
    TextsByLanguage texts;
    int64_t price = 0;
    std::string picture;  // "" or the SHA-256 of an image in lower-case hexadecimal
    friend bool operator==(const Option&, const Option&) = default;
  };
  struct Question {
    std::string id;
    std::string type;    // "SINGLE", "MULTIPLE", "RATING", "RANKING" or "BUDGET"
    std::string method;  // of docs/polling-counting.md
    TextsByLanguage texts;
    int64_t min = 1;
    int64_t max = 1;
    int64_t budget = 0;
    bool shuffled = false;
    std::vector<Option> options;
    friend bool operator==(const Question&, const Question&) = default;
  };
  struct Issuer {
    std::string name;
    std::string public_key;     // RSA-3072, SubjectPublicKeyInfo (DER)
    std::string statement_key;  // Ed25519, 32 bytes
    friend bool operator==(const Issuer&, const Issuer&) = default;
  };

  std::string poll;  // the id: "polls/" is not part of it
  TextsByLanguage titles;
  TextsByLanguage descriptions;
  std::vector<Question> questions;
  std::vector<std::string> districts;  // "districts/{id}"
  int64_t min_age = 0;
  bool verified = false;
  int64_t open_time = 0;  // Unix seconds
  int64_t close_time = 0;
  bool results_hidden = false;
  int64_t batch_ballots = 0;
  int64_t batch_seconds = 0;
  std::vector<Issuer> issuers;  // one or two
  std::string board_key;        // Ed25519, 32 bytes
  friend bool operator==(const Definition&, const Definition&) = default;
};

// The canonical JSON (RFC 8785) of `definition`. REQUIRES: texts are UTF-8, integers from 0 to
// kMaxInteger, languages and ids ASCII.
std::string EncodeDefinition(const Definition& definition);

// InvalidArgument, with the path of the member ("questions[0].options[1].price"), when a member is
// unknown, missing or of another type or form, when ids are not unique, and when `json` is not what
// EncodeDefinition makes of it. Checks neither that keys can be parsed (BallotChecker does) nor
// that questions can be counted.
absl::StatusOr<Definition> ParseDefinition(absl::string_view json);

}  // namespace veche::polling::protocol
