#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "services/gateway/json/reader.h"
#include "services/gateway/json/well_known.h"

// Values that are rare in requests: maps, and types with a JSON form of their own.

namespace veche::gateway::json {

bool Reader::ReadMap(const Field& field, const Path* path) {
  if (tokens_.Peek() != '{') return Refuse(path, "NOT_OBJECT");
  const Field& key = field.message->fields()[0];
  const Field& value = field.message->fields()[1];
  absl::flat_hash_set<std::string> seen;  // keys in wire form: "1" and "1.0" are equal
  if (++depth_ > kMaxDepth) return tokens_.FailTooDeep();
  const bool ok = ForEachMember([&] {
    std::string name;
    bool half = false;
    if (!tokens_.TakeAnyString(&name, &half) || !tokens_.TakeColon()) return false;
    const Path here = Path::Key(path, name);
    if (half) return Refuse(&here, kHalfCharacter);
    const size_t entry = out_.size();
    out_.Put(field.tag_bytes());
    const size_t begin = out_.BeginLength();
    out_.Put(key.tag_bytes());
    const size_t key_begin = out_.size();
    if (Problem problem = AppendText(key, name, out_)) {
      out_.Truncate(entry);
      return Refuse(&here, {"MAP_KEY", {{"problem", problem}}});
    }
    const absl::string_view key_bytes = out_.From(key_begin);
    if (!seen.emplace(key_bytes.data(), key_bytes.size()).second) {
      out_.Truncate(entry);
      return Refuse(&here, kTwice);
    }
    if (!ReadTagged(value, &here)) return false;
    out_.EndLength(begin);
    return true;
  });
  --depth_;
  return ok;
}

void Reader::PutDefault(const Field& field) {
  switch (field.wire_type) {
    case kFixed32:
      return out_.PutFixed(uint32_t{0});
    case kFixed64:
      return out_.PutFixed(uint64_t{0});
    default:
      return out_.Put('\0');  // the number 0, or the length 0
  }
}

// The types that are strings in JSON.
bool Reader::ReadWellKnown(const MessageTable& table, const Path* path) {
  if (tokens_.Peek() != '"') return Refuse(path, Expectation(table));
  absl::string_view text;
  if (!tokens_.RawString(&text)) return false;
  std::string unescaped;
  if (text.find('\\') == absl::string_view::npos) {
    tokens_.Next();
  } else {
    if (!tokens_.TakeAnyString(&unescaped)) return false;
    text = unescaped;
  }
  if (!AppendWellKnownText(table.well_known(), text, /*any_case=*/false, out_)) {
    Violate(path, Expectation(table));
  }
  return true;
}

bool Reader::ReadStructValue(const MessageTable& table, const Path* path) {
  // The members of google.protobuf.Value by their numbers.
  uint32_t member = 2;  // number_value
  switch (tokens_.Peek()) {
    case 'n':
      member = 1;  // null_value
      break;
    case '"':
      member = 3;  // string_value
      break;
    case 't':
    case 'f':
      member = 4;  // bool_value
      break;
    case '{':
      member = 5;  // struct_value
      break;
    case '[':
      member = 6;  // list_value
      break;
    default:
      break;
  }
  return ReadTagged(*table.ByNumber(member), path);
}

}  // namespace veche::gateway::json
