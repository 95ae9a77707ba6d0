#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace veche {

// Writes small JSON documents: problem documents, OpenAPI, health. Adds the commas. The caller must
// follow every Key by one value and close every object and array. Not thread-safe.
class JsonText {
 public:
  JsonText& BeginObject() { return Open('{'); }
  JsonText& EndObject() { return Close('}'); }
  JsonText& BeginArray() { return Open('['); }
  JsonText& EndArray() { return Close(']'); }
  JsonText& Key(absl::string_view name);
  JsonText& String(absl::string_view text);
  JsonText& Number(int64_t value);
  JsonText& Bool(bool value);
  // Adds a value that is JSON already, without a check.
  JsonText& Raw(absl::string_view json);

  JsonText& Member(absl::string_view name, absl::string_view text) {
    return Key(name).String(text);
  }

  std::string Take() { return std::move(text_); }

 private:
  JsonText& Open(char bracket);
  JsonText& Close(char bracket);
  void Separate();
  void Quote(absl::string_view text);

  std::string text_;
  bool first_ = true;  // in the innermost object or array
  bool after_key_ = false;
};

}  // namespace veche
