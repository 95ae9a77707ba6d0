#include "services/gateway/json/reader.h"

#include <cstring>
#include <string>

#include "absl/base/optimization.h"
#include "absl/strings/str_cat.h"
#include "services/gateway/json/json.h"
#include "services/gateway/json/well_known.h"

namespace veche::gateway::json {
namespace {

using Type = Field::Type;

bool HasNull(const Field& field) {
  if (field.repeated) return false;
  return field.message != nullptr
             ? field.message->well_known() == WellKnown::kValue
             : field.enumeration != nullptr && field.enumeration->is_null_value;
}

}  // namespace

bool Reader::ReadMessage(const MessageTable& table, const Path* path) {
  if (tokens_.Peek() == '{' && table.well_known() == WellKnown::kNone) {
    return ReadMembers(table, path);
  }
  if (tokens_.Peek() == 'n' && table.well_known() != WellKnown::kValue) {
    return Refuse(path, Expectation(table));
  }
  switch (table.well_known()) {
    case WellKnown::kStruct:
    case WellKnown::kListValue:
    case WellKnown::kWrapper: {
      const Field& inner = table.fields()[0];
      return inner.repeated ? ReadField(inner, path) : ReadTagged(inner, path);
    }
    case WellKnown::kValue:
      return ReadStructValue(table, path);
    case WellKnown::kNone:
    case WellKnown::kAny:
      return Refuse(path, Expectation(table));
    default:
      return ReadWellKnown(table, path);
  }
}

bool Reader::ReadMembers(const MessageTable& table, const Path* path) {
  Seen seen(table);
  size_t next = 0;  // clients usually send fields in our order
  return ForEachMember([&] {
    const Field* field = ReadName(table, &next, path);
    if (field == nullptr) return tokens_.ok();  // skipped
    const Path here(path, field->json_name);
    if (!seen.Add(table.IndexOf(*field))) return Refuse(&here, kTwice);
    if (field->oneof >= 0 && (tokens_.Peek() != 'n' || HasNull(*field))) {
      if (const Field* other = seen.AddToOneof(*field)) {
        return Refuse(&here, {"ONE_OF", {{"other", other->json_name}}});
      }
    }
    return ReadField(*field, &here);
  });
}

// Reads a name and the colon. nullptr when the field is unknown (its value is then skipped) or the
// text is broken.
const Field* Reader::ReadName(const MessageTable& table, size_t* next, const Path* path) {
  const Field* field = nullptr;
  if (*next < table.fields().size() && tokens_.TakeString(table.fields()[*next].json_name)) {
    field = &table.fields()[*next];
  } else {
    absl::string_view name;
    if (!tokens_.RawString(&name)) return nullptr;
    if (name.find('\\') == absl::string_view::npos) {
      tokens_.Next();
    } else {
      if (!tokens_.TakeAnyString(&name_)) return nullptr;
      name = name_;
    }
    field = table.ByName(name);
    if (field == nullptr) {
      const Path here(path, name);
      Violate(&here, "NOT_A_FIELD");
      if (tokens_.TakeColon()) tokens_.SkipValue(depth_);
      return nullptr;
    }
  }
  *next = table.IndexOf(*field) + 1;
  return tokens_.TakeColon() ? field : nullptr;
}

bool Reader::ReadField(const Field& field, const Path* path) {
  if (field.type == Type::TYPE_GROUP) return Refuse(path, "GROUP_NOT_ACCEPTED");
  if (tokens_.Peek() == 'n') return ReadNull(field, path);
  if (field.map) return ReadMap(field, path);
  if (field.repeated) return ReadList(field, path);
  return ReadTagged(field, path);
}

// Null means absent, except for types that have a null value of their own.
bool Reader::ReadNull(const Field& field, const Path* path) {
  return HasNull(field) ? ReadTagged(field, path) : tokens_.TakeWord("null");
}

bool Reader::ReadTagged(const Field& field, const Path* path) {
  out_.Put(field.tag_bytes());
  return ReadValue(field, path);
}

bool Reader::ReadList(const Field& field, const Path* path) {
  if (tokens_.Peek() != '[') return Refuse(path, "NOT_LIST");
  tokens_.Next();
  if (tokens_.Peek() == ']') return tokens_.Next(), true;
  size_t begin = 0;
  if (field.packed) {
    out_.Put(field.tag_bytes());
    begin = out_.BeginLength();
  }
  size_t index = 0;
  do {
    const Path here(path, index++);
    if (!(field.packed ? ReadValue(field, &here) : ReadTagged(field, &here))) return false;
  } while (tokens_.TakeComma(']'));
  if (field.packed) out_.EndLength(begin);
  return tokens_.ok();
}

// Reads one value and writes it without its tag: not a list, and null only where the type has a
// null value.
bool Reader::ReadValue(const Field& field, const Path* path) {
  const size_t begin = out_.size();
  const int violations = violations_count_;
  if (!ReadAnyValue(field, path)) return false;
  const bool plain = field.message != nullptr && field.message->well_known() == WellKnown::kNone;
  if (ABSL_PREDICT_FALSE(violations_count_ != violations) && !plain) {
    out_.Truncate(begin);
    PutDefault(field);
  }
  return true;
}

bool Reader::ReadAnyValue(const Field& field, const Path* path) {
  if (field.message != nullptr) {
    if (++depth_ > kMaxDepth) return tokens_.FailTooDeep();
    const size_t begin = out_.BeginLength();
    const bool ok = field.message->well_known() == WellKnown::kNone && tokens_.Peek() == '{'
                        ? ReadMembers(*field.message, path)
                        : ReadMessage(*field.message, path);
    --depth_;
    if (!ok) return false;
    out_.EndLength(begin);
    return true;
  }
  switch (tokens_.Peek()) {
    case '"':
      return ReadString(field, path);
    case 't':
    case 'f': {
      if (field.type != Type::TYPE_BOOL) return Refuse(path, Expectation(field));
      const bool value = tokens_.Peek() == 't';
      out_.Put(value ? '\1' : '\0');
      return tokens_.TakeWord(value ? "true" : "false");
    }
    case 'n':
      if (HasNull(field)) {
        out_.Put('\0');
        return tokens_.TakeWord("null");
      }
      return Refuse(path, Expectation(field));
    case '{':
    case '[':
      return Refuse(path, Expectation(field));
    default:
      return ReadNumber(field, path);
  }
}

bool Reader::ReadNumber(const Field& field, const Path* path) {
  if (tokens_.done()) return tokens_.Fail("EXPECTED_VALUE");
  const absl::string_view text = tokens_.Scalar();
  if (Problem problem = AppendNumber(field, text, out_)) return Refuse(path, problem);
  tokens_.Next();
  return true;
}

bool Reader::ReadString(const Field& field, const Path* path) {
  absl::string_view raw;
  if (!tokens_.RawString(&raw)) return false;
  const bool plain = raw.empty() || std::memchr(raw.data(), '\\', raw.size()) == nullptr;
  if (field.type == Type::TYPE_STRING) {
    if (plain) {
      out_.PutVarint(raw.size());
      out_.Put(raw);
    } else {
      const size_t begin = out_.BeginLength();
      const Unescaped result = Unescape(raw, out_);
      if (result == Unescaped::kBroken) return tokens_.Fail("WRONG_ESCAPE");
      if (result == Unescaped::kHalfSurrogate) Violate(path, kHalfCharacter);
      out_.EndLength(begin);
    }
    tokens_.Next();
    return true;
  }
  std::string unescaped;
  absl::string_view text = raw;
  if (plain) {
    tokens_.Next();
  } else {
    if (!tokens_.TakeAnyString(&unescaped)) return false;
    text = unescaped;
  }
  Problem problem = field.type == Type::TYPE_BOOL ? Expectation(field)
                    : field.type == Type::TYPE_ENUM && field.enumeration->is_null_value
                        ? "NOT_NULL"
                        : AppendText(field, text, out_);
  if (problem != nullptr) Violate(path, problem);
  return true;
}

absl::Status ReadJson(const MessageTable& table, absl::string_view json, Violations* violations,
                      std::string* wire) {
  return Reader(json, violations, wire).Message(table);
}

absl::Status ReadJson(const MessageTable& table, absl::string_view json, std::string* wire) {
  Violations violations;
  const size_t before = wire->size();
  absl::Status status = ReadJson(table, json, &violations, wire);
  if (status.ok()) status = violations.ToStatus();
  if (!status.ok()) wire->resize(before);
  return status;
}

absl::Status ReadFieldJson(const MessageTable& table, uint32_t number, absl::string_view json,
                           Violations* violations, std::string* wire) {
  const Field* field = table.ByNumber(number);
  if (field == nullptr) {
    return MakeOperatorError(absl::StatusCode::kInternal, "veche", "NO_SUCH_FIELD",
                             "The message has no such field.");
  }
  return Reader(json, violations, wire).OneField(*field);
}

}  // namespace veche::gateway::json
