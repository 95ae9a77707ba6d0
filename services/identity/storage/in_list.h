#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/sql/value.h"

namespace veche::identity {

// The parameters of "IN (…)". The list is padded to a power of two by its last element, so that
// lists of any length need few different statements.
class InList {
 public:
  // REQUIRES: `ids` is not empty.
  explicit InList(absl::Span<const std::string> ids) : values_(ids.begin(), ids.end()) {
    size_t size = 1;
    while (size < values_.size()) size *= 2;
    values_.resize(size, sql::Value(ids.back()));
  }
  // "($1, $2)".
  std::string text() const {
    std::string text = "($1";
    for (size_t i = 2; i <= values_.size(); ++i) absl::StrAppend(&text, ", $", i);
    return text + ")";
  }
  const std::vector<sql::Value>& values() const { return values_; }

 private:
  std::vector<sql::Value> values_;
};

}  // namespace veche::identity
