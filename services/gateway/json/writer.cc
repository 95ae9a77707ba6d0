#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/gateway/json/base64.h"
#include "services/gateway/json/json.h"
#include "services/gateway/json/print.h"
#include "services/gateway/json/slots.h"
#include "services/gateway/json/well_known.h"
#include "services/gateway/json/wire.h"

namespace veche::gateway::json {
namespace {

using Type = Field::Type;

absl::Status Error(absl::string_view reason, absl::string_view message) {
  return MakeOperatorError(absl::StatusCode::kInternal, "veche", reason, message);
}

// An entry of a map: its key as JSON, and the place of its value.
struct MapEntry {
  std::string key;
  Slot value;
  const char* end;
};

class Writer {
 public:
  Writer(std::string* json, size_t size, const WriteOptions& options)
      : out_(json, size + size / 2 + 256), options_(options) {}

  absl::Status Message(const MessageTable& table, absl::string_view wire) {
    return Finish(WriteMessage(table, wire));
  }
  absl::Status OneField(const MessageTable& table, const Field& field, absl::string_view wire) {
    return Finish(WriteOneField(table, field, wire));
  }

 private:
  absl::Status Finish(bool ok) {
    if (ok) {
      out_.Commit();
    } else {
      out_.Rollback();
    }
    return std::move(error_);
  }
  bool Fail(absl::string_view reason, absl::string_view message) {
    error_ = Error(reason, message);
    return false;
  }
  bool BadWire() { return Fail("BAD_WIRE", "The answer is not a well-formed message."); }
  bool NoForm(const MessageTable& table) {
    return Fail("NO_JSON_FORM", absl::StrCat("This ", table.full_name(), " has no form in JSON."));
  }

  bool WriteMessage(const MessageTable& table, absl::string_view wire);
  bool WriteMembers(const MessageTable& table, const Slots& slots, const char* end);
  bool WriteOneField(const MessageTable& table, const Field& field, absl::string_view wire);
  bool WriteValue(const Field& field, const Slot& slot, const char* end);
  bool WriteMerged(const Field& field, const Slot& slot, const char* end);
  bool WriteScalar(const Field& field, WireReader& in);
  bool WriteList(const Field& field, const Slot& slot, const char* end);
  bool WriteMap(const Field& field, const Slot& slot, const char* end);
  bool WriteMapKey(const Field& key, const Slot& slot, const char* end);
  bool WriteStructValue(const MessageTable& table, const Slots& slots, const char* end);
  bool WriteTime(const MessageTable& table, const Slots& slots, const char* end);
  bool WriteMask(const MessageTable& table, const Slots& slots, const char* end);

  // Calls `f` for each occurrence of the field, with a reader at its value and its wire type.
  template <typename F>
  bool ForEach(const Field& field, const Slot& slot, const char* end, F f) {
    WireReader in(slot.first, end);
    for (uint32_t left = slot.count; left > 0;) {
      uint32_t number, type;
      if (!in.Tag(&number, &type)) return BadWire();
      if (number == field.number && HasWireType(field, type)) {
        --left;
        if (!f(in, type)) return false;
      } else if (!in.Skip(number, type)) {
        return BadWire();
      }
    }
    return true;
  }
  Output out_;
  const WriteOptions& options_;
  absl::Status error_;
  int depth_ = 0;
};

bool Writer::WriteMessage(const MessageTable& table, absl::string_view wire) {
  if (++depth_ > kMaxDepth + 1) return Fail("BAD_WIRE", "The answer is nested too deeply.");
  Slots slots(table.fields().size());
  if (!FindFields(table, wire, slots)) return BadWire();
  const char* const end = wire.data() + wire.size();
  bool ok = false;
  switch (table.well_known()) {
    case WellKnown::kNone:
      ok = WriteMembers(table, slots, end);
      break;
    case WellKnown::kTimestamp:
    case WellKnown::kDuration:
      ok = WriteTime(table, slots, end);
      break;
    case WellKnown::kFieldMask:
      ok = WriteMask(table, slots, end);
      break;
    case WellKnown::kValue:
      ok = WriteStructValue(table, slots, end);
      break;
    case WellKnown::kStruct:
    case WellKnown::kListValue:
    case WellKnown::kWrapper:
      ok = WriteValue(table.fields()[0], slots[0], end);
      break;
    case WellKnown::kAny:
      ok = NoForm(table);
      break;
  }
  --depth_;
  return ok;
}

bool Writer::WriteMembers(const MessageTable& table, const Slots& slots, const char* end) {
  const size_t begin = out_.size();
  const Field* field = table.fields().data();
  for (const Slot& slot : slots) {
    if (slot.count > 0) {
      // A copy of a fixed size takes only a few instructions.
      char* p = out_.Need(std::max(field->key_size, kKeyPadding));
      if (ABSL_PREDICT_TRUE(field->key_size <= kKeyPadding)) {
        std::memcpy(p, field->key.data(), kKeyPadding);
      } else {
        std::memcpy(p, field->key.data(), field->key_size);
      }
      out_.Advance(p + field->key_size);
      if (!WriteValue(*field, slot, end)) return false;
    } else if (options_.defaults) {
      out_.Put(field->default_member);
    }
    ++field;
  }
  // Each member begins with a comma; the first member's comma becomes the brace.
  if (out_.size() == begin) {
    out_.Put('{');
  } else {
    out_[begin] = '{';
  }
  out_.Put('}');
  return true;
}

bool Writer::WriteOneField(const MessageTable& table, const Field& field, absl::string_view wire) {
  Slots slots(table.fields().size());
  if (!FindFields(table, wire, slots)) return BadWire();
  const Slot& slot = slots[table.IndexOf(field)];
  if (slot.count == 0 && field.message != nullptr && !field.repeated) {
    out_.Put("null");
    return true;
  }
  return WriteValue(field, slot, wire.data() + wire.size());
}

bool Writer::WriteValue(const Field& field, const Slot& slot, const char* end) {
  if (slot.count == 0) {
    out_.Put(field.default_text);
    return true;
  }
  if (field.map) return WriteMap(field, slot, end);
  if (field.repeated) return WriteList(field, slot, end);
  if (field.message != nullptr && slot.count > 1) return WriteMerged(field, slot, end);
  WireReader in(slot.last, end);
  return WriteScalar(field, in);
}

// Several occurrences of a message field merge: their concatenation is the message.
bool Writer::WriteMerged(const Field& field, const Slot& slot, const char* end) {
  std::string merged;
  const bool found = ForEach(field, slot, end, [&](WireReader& in, uint32_t) {
    absl::string_view piece;
    if (!in.Bytes(&piece)) return BadWire();
    absl::StrAppend(&merged, piece);
    return true;
  });
  return found && WriteMessage(*field.message, merged);
}

// Writes the value at `in`, which may be a message.
bool Writer::WriteScalar(const Field& field, WireReader& in) {
  uint64_t varint = 0;
  uint64_t fixed64 = 0;
  uint32_t fixed32 = 0;
  absl::string_view bytes;
  switch (field.wire_type) {
    case kVarint:
      if (!in.Varint(&varint)) return BadWire();
      break;
    case kFixed64:
      if (!in.Fixed(&fixed64)) return BadWire();
      break;
    case kFixed32:
      if (!in.Fixed(&fixed32)) return BadWire();
      break;
    default:
      if (!in.Bytes(&bytes)) return BadWire();
      break;
  }
  switch (field.type) {
    case Type::TYPE_INT32:
      return WriteInteger(static_cast<int32_t>(varint), out_), true;
    case Type::TYPE_SINT32:
      return WriteInteger(static_cast<int32_t>(UnZigZag(static_cast<uint32_t>(varint))), out_),
             true;
    case Type::TYPE_UINT32:
      return WriteInteger(static_cast<uint32_t>(varint), out_), true;
    case Type::TYPE_INT64:
      return WriteQuotedInteger(static_cast<int64_t>(varint), out_), true;
    case Type::TYPE_SINT64:
      return WriteQuotedInteger(UnZigZag(varint), out_), true;
    case Type::TYPE_UINT64:
      return WriteQuotedInteger(varint, out_), true;
    case Type::TYPE_FIXED64:
      return WriteQuotedInteger(fixed64, out_), true;
    case Type::TYPE_SFIXED64:
      return WriteQuotedInteger(static_cast<int64_t>(fixed64), out_), true;
    case Type::TYPE_FIXED32:
      return WriteInteger(fixed32, out_), true;
    case Type::TYPE_SFIXED32:
      return WriteInteger(static_cast<int32_t>(fixed32), out_), true;
    case Type::TYPE_DOUBLE:
      return WriteDouble(std::bit_cast<double>(fixed64), out_), true;
    case Type::TYPE_FLOAT:
      return WriteFloat(std::bit_cast<float>(fixed32), out_), true;
    case Type::TYPE_BOOL:
      return out_.Put(varint != 0 ? "true" : "false"), true;
    case Type::TYPE_ENUM: {
      if (field.enumeration->is_null_value) return out_.Put("null"), true;
      const auto number = static_cast<int32_t>(varint);
      const absl::string_view name = field.enumeration->JsonText(number);
      if (name.empty()) return WriteInteger(number, out_), true;
      return out_.Put(name), true;
    }
    case Type::TYPE_STRING:
      return WriteString(bytes, out_) ||
             Fail("INVALID_UTF8", absl::StrCat(field.json_name, " is not UTF-8."));
    case Type::TYPE_BYTES:
      return WriteBase64(bytes, out_), true;
    case Type::TYPE_MESSAGE:
      return WriteMessage(*field.message, bytes);
    case Type::TYPE_GROUP:
      return BadWire();  // FindFields skips groups
  }
  return BadWire();
}

bool Writer::WriteList(const Field& field, const Slot& slot, const char* end) {
  const size_t begin = out_.size();
  const bool ok = ForEach(field, slot, end, [&](WireReader& in, uint32_t type) {
    if (type != kBytes || !field.is_packable()) {
      out_.Put(',');
      return WriteScalar(field, in);
    }
    absl::string_view packed;
    if (!in.Bytes(&packed)) return BadWire();
    for (WireReader values(packed); !values.done();) {
      out_.Put(',');
      if (!WriteScalar(field, values)) return false;
    }
    return true;
  });
  if (!ok) return false;
  if (out_.size() == begin) {
    out_.Put('[');
  } else {
    out_[begin] = '[';
  }
  out_.Put(']');
  return true;
}

// The wire has the entries in any order. The entries are sorted by their keys as written, so that
// equal maps give equal texts: ETags are made of these texts.
bool Writer::WriteMap(const Field& field, const Slot& slot, const char* end) {
  const MessageTable& table = *field.message;
  const Field& value = table.fields()[1];
  std::vector<MapEntry> entries;
  entries.reserve(slot.count);
  const size_t begin = out_.size();
  const bool found = ForEach(field, slot, end, [&](WireReader& in, uint32_t) {
    absl::string_view wire;
    Slots slots(2);
    if (!in.Bytes(&wire) || !FindFields(table, wire, slots)) return BadWire();
    const char* const entry_end = wire.data() + wire.size();
    if (!WriteMapKey(table.fields()[0], slots[0], entry_end)) return false;
    entries.push_back({std::string(out_.From(begin)), slots[1], entry_end});
    out_.Truncate(begin);
    return true;
  });
  if (!found) return false;
  std::stable_sort(entries.begin(), entries.end(),
                   [](const MapEntry& a, const MapEntry& b) { return a.key < b.key; });
  for (size_t i = 0; i < entries.size(); ++i) {
    const MapEntry& entry = entries[i];
    // Of entries with the same key the last one counts.
    if (i + 1 < entries.size() && entries[i + 1].key == entry.key) continue;
    out_.Put(',');
    out_.Put(entry.key);
    out_.Put(':');
    const bool absent_message = value.message != nullptr && entry.value.count == 0;
    if (!(absent_message ? WriteMessage(*value.message, "")
                         : WriteValue(value, entry.value, entry.end))) {
      return false;
    }
  }
  out_[begin] = '{';
  out_.Put('}');
  return true;
}

// Keys are strings in JSON whatever their type; some values are already written with quotes.
bool Writer::WriteMapKey(const Field& key, const Slot& slot, const char* end) {
  if (key.default_text.front() == '"') return WriteValue(key, slot, end);
  out_.Put('"');
  if (!WriteValue(key, slot, end)) return false;
  out_.Put('"');
  return true;
}

bool Writer::WriteStructValue(const MessageTable& table, const Slots& slots, const char* end) {
  for (size_t i = 0; i < slots.size(); ++i) {
    if (slots[i].count == 0) continue;
    const Field& field = table.fields()[i];
    if (field.type == Type::TYPE_DOUBLE) {
      double value;
      if (!WireReader(slots[i].last, end).Fixed(&value)) return BadWire();
      if (!std::isfinite(value)) return NoForm(table);
    }
    return WriteValue(field, slots[i], end);
  }
  out_.Put("null");
  return true;
}

bool Writer::WriteTime(const MessageTable& table, const Slots& slots, const char* end) {
  uint64_t seconds = 0, nanos = 0;
  if (slots[0].count > 0 && !WireReader(slots[0].last, end).Varint(&seconds)) return BadWire();
  if (slots[1].count > 0 && !WireReader(slots[1].last, end).Varint(&nanos)) return BadWire();
  const auto write = table.well_known() == WellKnown::kTimestamp ? WriteTimestamp : WriteDuration;
  return write(static_cast<int64_t>(seconds), static_cast<int32_t>(nanos), out_) || NoForm(table);
}

bool Writer::WriteMask(const MessageTable& table, const Slots& slots, const char* end) {
  out_.Put('"');
  bool first = true;
  const bool ok = ForEach(table.fields()[0], slots[0], end, [&](WireReader& in, uint32_t) {
    absl::string_view path;
    if (!in.Bytes(&path)) return BadWire();
    if (!first) out_.Put(',');
    first = false;
    return WriteMaskPath(path, out_) || NoForm(table);
  });
  out_.Put('"');
  return ok;
}

}  // namespace

absl::Status WriteJson(const MessageTable& table, absl::string_view wire, std::string* json,
                       const WriteOptions& options) {
  return Writer(json, wire.size(), options).Message(table, wire);
}

absl::Status WriteFieldJson(const MessageTable& table, uint32_t number, absl::string_view wire,
                            std::string* json, const WriteOptions& options) {
  const Field* field = table.ByNumber(number);
  if (field == nullptr) return Error("NO_JSON_FORM", "There is no such field.");
  return Writer(json, wire.size(), options).OneField(table, *field, wire);
}

}  // namespace veche::gateway::json
