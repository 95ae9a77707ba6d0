#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/classification/domain/tsv.h"

namespace veche::classification::testing {

// The path of a file of services/classification/, such as "seed/topics.tsv".
inline std::string PathHere(absl::string_view name) {
  const char* source = std::getenv("VECHE_SOURCE_DIR");
  return absl::StrCat(source == nullptr ? "." : source, "/services/classification/", name);
}

// A table of services/classification/. If it cannot be read, fails the test and returns an empty
// one.
inline Table ReadTableHere(absl::string_view name, absl::Span<const absl::string_view> columns) {
  std::ifstream file(PathHere(name), std::ios::binary);
  auto table = ParseTable(std::string{std::istreambuf_iterator<char>(file), {}}, columns);
  EXPECT_TRUE(table.ok()) << name << ": " << table.status();
  return table.ok() ? *std::move(table) : Table();
}

}  // namespace veche::classification::testing
