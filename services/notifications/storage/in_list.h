#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "common/sql/value.h"

namespace veche::notifications {

// The parameters of "IN (…)" after `first`. The list is padded to a power of two by its last
// element, so that lists of any length need few different statements.
class InList {
 public:
  // `first` are the values of the statement's other parameters, $1 and so on. REQUIRES: `elements`
  // is not empty.
  template <typename T>
  InList(std::vector<sql::Value> first, absl::Span<const T> elements)
      : first_(first.size()), values_(std::move(first)) {
    size_t size = 1;
    while (size < elements.size()) size *= 2;
    values_.reserve(first_ + size);
    for (const T& element : elements) values_.emplace_back(element);
    while (values_.size() < first_ + size) values_.emplace_back(elements.back());
  }
  // "($3, $4)".
  std::string text() const {
    std::string text;
    for (size_t i = first_ + 1; i <= values_.size(); ++i) {
      absl::StrAppend(&text, text.empty() ? "($" : ", $", i);
    }
    return text + ")";
  }
  const std::vector<sql::Value>& values() const { return values_; }

 private:
  const size_t first_;
  std::vector<sql::Value> values_;
};

}  // namespace veche::notifications
