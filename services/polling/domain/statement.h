#pragma once

#include <string>

#include "absl/time/time.h"

// The statements of an opinion map. Pure.

namespace veche::polling {

inline constexpr int kMostStatements = 200;     // of a discussion
inline constexpr int kMostStatementsEach = 10;  // of a resident in a discussion

// The numbers of v1::Statement::Vote; stored as numbers.
enum class StatementVote { kNone = 0, kAgree = 1, kDisagree = 2, kPass = 3 };

struct Statement {
  std::string id;  // ULID of its creation
  std::string initiative;
  std::string author;  // "residents/{id}"
  std::string text;
  std::string masked_text;  // "" when there is nothing to mask
  std::string folded;       // equal for texts that read the same
  absl::Time created;
  bool hidden = false;
};

inline const std::string& PublicText(const Statement& statement) {
  return statement.masked_text.empty() ? statement.text : statement.masked_text;
}

}  // namespace veche::polling
