#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "services/gateway/json/wire.h"

// The data about message types that the transcoder needs, compiled once from their descriptors.
// Callers only pass a MessageTable to the functions of json.h; its contents are for this folder
// alone.

namespace veche::gateway::json {

class MessageTable;

// Types for which the proto3 JSON mapping has a special form.
enum class WellKnown : uint8_t {
  kNone,
  kAny,
  kTimestamp,
  kDuration,
  kFieldMask,
  kStruct,
  kValue,
  kListValue,
  kWrapper,
};

// The values of an enum.
struct EnumTable {
  // The value as JSON text, with quotes (null for NullValue); empty for a number without a name.
  absl::string_view JsonText(int32_t number) const;

  bool is_null_value = false;  // google.protobuf.NullValue
  std::vector<std::string> small_numbers;
  absl::flat_hash_map<int32_t, std::string> other_numbers;
  absl::flat_hash_map<std::string, int32_t> by_name;
};

// A field of a message.
struct Field {
  using Type = google::protobuf::FieldDescriptor::Type;

  bool is_string_like() const { return type == Type::TYPE_STRING || type == Type::TYPE_BYTES; }
  bool is_packable() const { return !is_string_like() && message == nullptr; }
  absl::string_view tag_bytes() const { return {tag, tag_size}; }

  Type type;
  uint32_t number;
  WireType wire_type;  // of one value
  bool repeated = false;
  bool packed = false;  // written packed; both forms are read
  bool map = false;     // `message` is the entry: key is its field 0, value its field 1
  int oneof = -1;       // index in the message, or -1
  uint8_t tag_size;     // length of `tag`, the tag that ReadJson writes
  char tag[5];

  std::string json_name;
  std::string proto_name;
  // `,"name":` padded with NULs to kKeyPadding at least, and its true size.
  std::string key;
  size_t key_size;
  // JSON of the default value. `default_member` is key and value; empty when an absent field is not
  // written.
  std::string default_text;
  std::string default_member;

  const MessageTable* message = nullptr;
  const EnumTable* enumeration = nullptr;
};

constexpr size_t kKeyPadding = 32;

// A message type. Immutable once Tables::Get has returned; thread-safe.
class MessageTable {
 public:
  const std::string& full_name() const { return full_name_; }
  WellKnown well_known() const { return well_known_; }
  const std::vector<Field>& fields() const { return fields_; }  // as declared
  int oneof_count() const { return oneof_count_; }

  // nullptr when there is no such field.
  const Field* ByNumber(uint32_t number) const {
    if (ABSL_PREDICT_TRUE(number < dense_.size())) {
      const int index = dense_[number];
      return index < 0 ? nullptr : &fields_[index];
    }
    return sparse_.empty() ? nullptr : BySparseNumber(number);
  }
  // By JSON name or proto name; nullptr when there is no such field.
  const Field* ByName(absl::string_view name) const;

  size_t IndexOf(const Field& field) const { return &field - fields_.data(); }

 private:
  friend class Tables;
  const Field* BySparseNumber(uint32_t number) const;

  std::string full_name_;
  WellKnown well_known_ = WellKnown::kNone;
  int oneof_count_ = 0;
  std::vector<Field> fields_;
  std::vector<int16_t> dense_;  // number -> index, -1 for none
  absl::flat_hash_map<uint32_t, int> sparse_;
  absl::flat_hash_map<std::string, int> by_name_;
};

// Compiles and owns tables. Not thread-safe: call Get at start only. The tables are thread-safe and
// live as long as this object.
class Tables {
 public:
  Tables();
  ~Tables();
  Tables(const Tables&) = delete;
  Tables& operator=(const Tables&) = delete;

  // The table of a message type and of all types it uses, recursive ones too. The same descriptor
  // gives the same table. `descriptor` must not be null and must outlive this.
  const MessageTable& Get(const google::protobuf::Descriptor* descriptor);

 private:
  const EnumTable& GetEnum(const google::protobuf::EnumDescriptor* descriptor);
  Field MakeField(const google::protobuf::FieldDescriptor& descriptor);

  absl::flat_hash_map<const google::protobuf::Descriptor*, std::unique_ptr<MessageTable>> messages_;
  absl::flat_hash_map<const google::protobuf::EnumDescriptor*, std::unique_ptr<EnumTable>> enums_;
};

}  // namespace veche::gateway::json
