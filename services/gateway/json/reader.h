#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/fixed_array.h"
#include "absl/strings/string_view.h"
#include "common/base/error.h"
#include "services/gateway/json/path.h"
#include "services/gateway/json/scalar.h"
#include "services/gateway/json/table.h"
#include "services/gateway/json/tokens.h"
#include "services/gateway/json/wire.h"

// Reads JSON into wire bytes. Internal to this folder.

namespace veche::gateway::json {

constexpr int kMostViolations = 100;
constexpr Problem kTwice = "REPEATED";
constexpr Problem kHalfCharacter = "HALF_CHARACTER";

// The fields of an object that were already read.
class Seen {
 public:
  explicit Seen(const MessageTable& table)
      : fields_((table.fields().size() + 63) / 64, 0), oneofs_(table.oneof_count(), nullptr) {}
  // False when the field was already read.
  bool Add(size_t index) {
    uint64_t& word = fields_[index / 64];
    const uint64_t bit = uint64_t{1} << (index % 64);
    const bool fresh = (word & bit) == 0;
    word |= bit;
    return fresh;
  }
  // The member of the same oneof that was read before, or nullptr.
  const Field* AddToOneof(const Field& field) {
    return std::exchange(oneofs_[field.oneof], &field);
  }

 private:
  absl::FixedArray<uint64_t, 4> fields_;
  absl::FixedArray<const Field*, 8> oneofs_;
};

// Walks the tokens and appends wire bytes. Functions named Read… return false when the text is
// broken, which ends the reading. A wrong value is a violation: the reader writes the field's
// default value instead and continues, to find all violations. One reader reads one text. Not
// thread-safe.
class Reader {
 public:
  Reader(absl::string_view json, Violations* violations, std::string* wire)
      : tokens_(json), violations_(*violations), out_(wire, json.size() + 64) {}

  absl::Status Message(const MessageTable& table) {
    return Finish(tokens_.ok() && ReadMessage(table, nullptr));
  }
  absl::Status OneField(const Field& field) {
    const Path path(nullptr, field.json_name);
    return Finish(tokens_.ok() && ReadField(field, &path));
  }

 private:
  absl::Status Finish(bool ok) {
    if (ok && !tokens_.done()) tokens_.Fail("MORE_AFTER_VALUE");
    if (tokens_.ok()) {
      out_.Commit();
    } else {
      out_.Rollback();
    }
    return tokens_.status();
  }

  void Violate(const Path* path, const Text& problem) {
    if (++violations_count_ <= kMostViolations) violations_.Add(ToString(path), problem);
  }
  // Adds a violation for the value at hand and skips the value.
  bool Refuse(const Path* path, const Text& problem) {
    Violate(path, problem);
    return tokens_.SkipValue(depth_);
  }

  // Calls `member` at the name of each member of an object.
  template <typename F>
  bool ForEachMember(F member);

  bool ReadMessage(const MessageTable& table, const Path* path);
  bool ReadMembers(const MessageTable& table, const Path* path);
  const Field* ReadName(const MessageTable& table, size_t* next, const Path* path);
  bool ReadField(const Field& field, const Path* path);
  bool ReadNull(const Field& field, const Path* path);
  bool ReadList(const Field& field, const Path* path);
  bool ReadMap(const Field& field, const Path* path);
  bool ReadTagged(const Field& field, const Path* path);
  bool ReadValue(const Field& field, const Path* path);
  bool ReadAnyValue(const Field& field, const Path* path);
  void PutDefault(const Field& field);
  bool ReadNumber(const Field& field, const Path* path);
  bool ReadString(const Field& field, const Path* path);
  bool ReadWellKnown(const MessageTable& table, const Path* path);
  bool ReadStructValue(const MessageTable& table, const Path* path);

  Tokens tokens_;
  Violations& violations_;
  int violations_count_ = 0;
  Output out_;
  std::string name_;  // of the member that is being looked up
  int depth_ = 0;     // of messages on the wire
};

template <typename F>
bool Reader::ForEachMember(F member) {
  if (!tokens_.Take('{', "EXPECTED_OBJECT")) return false;
  if (tokens_.Peek() == '}') return tokens_.Next(), true;
  do {
    if (tokens_.Peek() != '"') return tokens_.Fail("EXPECTED_NAME");
    if (!member()) return false;
  } while (tokens_.TakeComma('}'));
  return tokens_.ok();
}

}  // namespace veche::gateway::json
