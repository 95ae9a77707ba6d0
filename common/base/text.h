#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace veche {

using TextArguments = std::initializer_list<std::pair<absl::string_view, absl::string_view>>;

// A text for people before its language is known: a row of a catalogue (see texts.h) and the
// arguments for its placeholders. Converts from a literal, so that "REQUIRED" is a text without
// arguments.
struct Text {
  Text() = default;
  Text(const char* id) : id(id) {}  // NOLINT(google-explicit-constructor)
  explicit Text(absl::string_view id) : id(id) {}
  Text(absl::string_view id, TextArguments arguments)
      : id(id), arguments(arguments.begin(), arguments.end()) {}

  bool empty() const { return id.empty(); }
  friend bool operator==(const Text&, const Text&) = default;

  std::string id;                                              // "TOO_LONG"; "" for no text
  std::vector<std::pair<std::string, std::string>> arguments;  // {"most", "200"}
};

}  // namespace veche
