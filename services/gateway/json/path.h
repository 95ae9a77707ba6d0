#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// The path to a value in a JSON text, for violations. Internal to this folder.

namespace veche::gateway::json {

// The longest name that is repeated to the client, in bytes.
constexpr size_t kLongestName = 100;

// `name` or its beginning, cut between characters.
inline absl::string_view Shortened(absl::string_view name) {
  if (name.size() <= kLongestName) return name;
  size_t size = kLongestName;
  while (size > 0 && (static_cast<unsigned char>(name[size]) & 0xc0) == 0x80) --size;
  return name.substr(0, size);
}

// One step of a path. Lives on the stack of the function that made the step; no text is built
// before ToString.
struct Path {
  enum class Kind : uint8_t { kField, kIndex, kKey };

  Path(const Path* parent, absl::string_view field)
      : parent(parent), kind(Kind::kField), name(field) {}
  Path(const Path* parent, size_t index) : parent(parent), kind(Kind::kIndex), index(index) {}
  static Path Key(const Path* parent, absl::string_view key) {
    Path path(parent, key);
    path.kind = Kind::kKey;
    return path;
  }

  const Path* parent;
  Kind kind;
  absl::string_view name;
  size_t index = 0;
};

// "attachments[2].labels[\"a\"]"; "body" for the whole text.
inline std::string ToString(const Path* path) {
  std::vector<const Path*> steps;
  for (; path != nullptr; path = path->parent) steps.push_back(path);
  std::string text;
  for (auto it = steps.rbegin(); it != steps.rend(); ++it) {
    const Path& step = **it;
    switch (step.kind) {
      case Path::Kind::kField:
        absl::StrAppend(&text, text.empty() ? "" : ".", Shortened(step.name));
        break;
      case Path::Kind::kIndex:
        absl::StrAppend(&text, "[", step.index, "]");
        break;
      case Path::Kind::kKey:
        absl::StrAppend(&text, "[\"", Shortened(step.name), "\"]");
        break;
    }
  }
  return text.empty() ? "body" : text;
}

}  // namespace veche::gateway::json
