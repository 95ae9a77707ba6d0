#include "services/polling/opinions/vote_matrix.h"

#include <algorithm>
#include <utility>

namespace veche::polling::opinions {
namespace {

// Copies a matrix of `rows` × `from` cells into one with `to` cells a row.
template <typename T>
std::vector<T> WithWiderRows(const std::vector<T>& cells, size_t rows, size_t from, size_t to,
                             T empty) {
  std::vector<T> wide(rows * to, empty);
  for (size_t row = 0; row < rows; ++row) {
    std::copy_n(cells.begin() + row * from, from, wide.begin() + row * to);
  }
  return wide;
}

}  // namespace

void VoteMatrix::Widen(int capacity) {
  votes_ = WithWiderRows(votes_, person_keys_.size(), capacity_, capacity, kMissing);
  for (std::vector<int32_t>* sums : {&both_, &own_, &other_, &product_}) {
    *sums = WithWiderRows(*sums, capacity_, capacity_, capacity, 0);
    sums->resize(size_t(capacity) * capacity);
  }
  capacity_ = capacity;
}

int VoteMatrix::AddStatement(absl::string_view key) {
  const auto [found, added] = statement_index_.try_emplace(key, statements());
  if (!added) return found->second;
  if (statements() == capacity_) Widen(std::max(16, 2 * capacity_));
  statement_keys_.emplace_back(key);
  counts_.push_back(0);
  sums_.push_back(0);
  squares_.push_back(0);
  return found->second;
}

int VoteMatrix::AddPerson(absl::string_view key) {
  const auto [found, added] = person_index_.try_emplace(key, people());
  if (!added) return found->second;
  person_keys_.emplace_back(key);
  vote_counts_.push_back(0);
  votes_.resize(votes_.size() + capacity_, kMissing);
  return found->second;
}

absl::Span<const int8_t> VoteMatrix::votes(int person) const {
  return absl::MakeConstSpan(votes_).subspan(size_t(person) * capacity_, statements());
}

void VoteMatrix::Set(int person, int statement, Opinion opinion) {
  int8_t& cell = votes_[size_t(person) * capacity_ + statement];
  const int8_t vote = static_cast<int8_t>(opinion);
  if (cell == vote) return;
  Clear(person, statement);
  Apply(person, statement, vote, 1);
  cell = vote;
}

void VoteMatrix::Clear(int person, int statement) {
  int8_t& cell = votes_[size_t(person) * capacity_ + statement];
  if (cell == kMissing) return;
  const int8_t vote = std::exchange(cell, kMissing);
  Apply(person, statement, vote, -1);
}

// REQUIRES: the person's own cell of the statement is missing, so a vote makes no pair with itself.
void VoteMatrix::Apply(int person, int statement, int vote, int sign) {
  const int8_t* row = votes_.data() + size_t(person) * capacity_;
  const size_t begin = size_t(statement) * capacity_;
  for (int i = 0; i < statements(); ++i) {
    const int voted = row[i] != kMissing ? sign : 0;
    const int signed_value = voted * row[i];
    both_[begin + i] += voted;
    own_[begin + i] += voted * vote;
    other_[begin + i] += signed_value;
    product_[begin + i] += signed_value * vote;
  }
  vote_counts_[person] += sign;
  counts_[statement] += sign;
  sums_[statement] += sign * vote;
  squares_[statement] += sign * vote * vote;
}

VoteMatrix::PairSums VoteMatrix::Pair(int a, int b) const {
  const size_t ab = size_t(a) * capacity_ + b, ba = size_t(b) * capacity_ + a;
  return {.count = int64_t{both_[ab]} + both_[ba],
          .first = int64_t{own_[ab]} + other_[ba],
          .second = int64_t{other_[ab]} + own_[ba],
          .product = int64_t{product_[ab]} + product_[ba]};
}

}  // namespace veche::polling::opinions
