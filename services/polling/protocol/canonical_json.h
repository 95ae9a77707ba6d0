#pragma once

#include <simdjson.h>

#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

// The canonical JSON (RFC 8785) of objects whose member names are ASCII and whose numbers are
// integers below 2^53, and a strict reader for it. For the protocol library and commands. Not
// thread-safe.

namespace veche::polling::protocol {

// A quoted string with the escapes of RFC 8785. REQUIRES: `text` is UTF-8.
std::string JsonString(absl::string_view text);

// Writes an object; the members are sorted when it is taken.
class JsonObjectWriter {
 public:
  JsonObjectWriter& String(absl::string_view name, absl::string_view text) {
    return Raw(name, JsonString(text));
  }
  JsonObjectWriter& Base64(absl::string_view name, absl::string_view bytes);
  JsonObjectWriter& Integer(absl::string_view name, int64_t value) {
    return Raw(name, absl::StrCat(value));
  }
  JsonObjectWriter& Bool(absl::string_view name, bool value) {
    return Raw(name, value ? "true" : "false");
  }
  JsonObjectWriter& Texts(absl::string_view name, const std::map<std::string, std::string>& texts);
  // `write` makes the JSON of one item.
  template <typename Items, typename Write>
  JsonObjectWriter& Array(absl::string_view name, const Items& items, Write write) {
    std::string json = "[";
    for (const auto& item : items) {
      if (json.size() > 1) json += ',';
      json += write(item);
    }
    return Raw(name, json + "]");
  }
  JsonObjectWriter& Raw(absl::string_view name, std::string json) {
    members_[std::string(name)] = std::move(json);
    return *this;
  }
  std::string Take() const;

 private:
  std::map<std::string, std::string> members_;  // ASCII: the order of bytes is that of RFC 8785
};

// Reads one object. The first fault of a document goes to `status`, with the path of the member;
// after a fault, everything reads as empty.
class JsonObjectReader {
 public:
  // `names` are all members that the object must have. `status` must outlive the reader.
  JsonObjectReader(simdjson::dom::element value, std::string path,
                   std::initializer_list<absl::string_view> names, absl::Status* status);

  std::string String(absl::string_view name);
  // Bytes in base64; any length if `bytes` is 0.
  std::string Base64(absl::string_view name, size_t bytes = 0);
  // From 0 to 2^53 - 1.
  int64_t Integer(absl::string_view name);
  bool Bool(absl::string_view name);
  std::map<std::string, std::string> Texts(absl::string_view name);
  std::vector<std::string> Strings(absl::string_view name);
  simdjson::dom::element Member(absl::string_view name);
  // Calls `read(item, path)` for each item of an array.
  template <typename Read>
  void Array(absl::string_view name, Read read) {
    simdjson::dom::array items;
    const simdjson::dom::element value = Member(name);
    if (!ok()) return;
    if (value.get(items) != simdjson::SUCCESS) return Fail(name, "must be an array");
    size_t index = 0;
    for (const simdjson::dom::element item : items) {
      if (!status_->ok()) return;
      read(item, absl::StrCat(PathOf(name), "[", index++, "]"));
    }
  }

  // Records a fault of the member `name`.
  void Fail(absl::string_view name, absl::string_view problem);
  std::string PathOf(absl::string_view name) const;
  bool ok() const { return status_->ok(); }

 private:
  simdjson::dom::object object_;
  const std::string path_;  // "" for the document
  absl::Status* const status_;
};

// "questions[0].id must be …" as InvalidArgument.
absl::Status JsonFault(absl::string_view path, absl::string_view problem);

}  // namespace veche::polling::protocol
