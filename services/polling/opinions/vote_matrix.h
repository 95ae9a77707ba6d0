#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace veche::polling::opinions {

enum class Opinion : int8_t { kDisagree = -1, kPass = 0, kAgree = 1 };

// The votes of people on the statements of one discussion, with the sums that the opinion map
// needs. All sums are integers, so the matrix is the same for the same votes in any order.
// A change takes time proportional to the number of statements. Memory: a byte for each person and
// statement, 16 bytes for each pair of statements. Not thread-safe.
class VoteMatrix {
 public:
  static constexpr int8_t kMissing = 2;  // in votes(): no vote
  static constexpr int kMostStatements = 1000;

  // The index of a statement or a person; a new key is added at the end.
  // REQUIRES: at most kMostStatements statements.
  int AddStatement(absl::string_view key);
  int AddPerson(absl::string_view key);

  // Sets or replaces the vote of a person on a statement.
  void Set(int person, int statement, Opinion opinion);
  // Withdraws the vote; without a vote nothing happens.
  void Clear(int person, int statement);

  int people() const { return static_cast<int>(person_keys_.size()); }
  int statements() const { return static_cast<int>(statement_keys_.size()); }
  const std::string& person_key(int person) const { return person_keys_[person]; }
  const std::string& statement_key(int statement) const { return statement_keys_[statement]; }

  // The votes of a person by statement: an Opinion's value or kMissing.
  absl::Span<const int8_t> votes(int person) const;
  int vote_count(int person) const { return vote_counts_[person]; }

  // Votes on a statement; the sum of their values; the sum of their squares.
  int64_t count(int statement) const { return counts_[statement]; }
  int64_t sum(int statement) const { return sums_[statement]; }
  int64_t squares(int statement) const { return squares_[statement]; }

  // Sums over the people who voted on both a and b (a ≠ b).
  struct PairSums {
    int64_t count = 0;
    int64_t first = 0;    // of the votes on a
    int64_t second = 0;   // of the votes on b
    int64_t product = 0;  // of the products of both votes
  };
  PairSums Pair(int a, int b) const;

 private:
  void Apply(int person, int statement, int vote, int sign);
  void Widen(int capacity);

  int capacity_ = 0;  // statements for which rows have room
  std::vector<std::string> person_keys_, statement_keys_;
  absl::flat_hash_map<std::string, int> person_index_, statement_index_;
  std::vector<int8_t> votes_;  // people × capacity_
  std::vector<int> vote_counts_;
  std::vector<int64_t> counts_, sums_, squares_;
  // Matrices of capacity_ × capacity_. A vote on a statement changes this statement's row only; the
  // sums of a pair are those of both its cells.
  std::vector<int32_t> both_, own_, other_, product_;
};

}  // namespace veche::polling::opinions
