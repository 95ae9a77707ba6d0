#include "services/gateway/json/random_message.h"

#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "google/protobuf/descriptor.h"

namespace veche::gateway::json {
namespace {

namespace pb = ::google::protobuf;
using Cpp = pb::FieldDescriptor::CppType;

class Filler {
 public:
  explicit Filler(std::mt19937_64& random) : random_(random) {}

  void Fill(int depth, pb::Message& message) {
    const std::string& name = message.GetDescriptor()->full_name();
    if (name == "google.protobuf.Timestamp") return FillTimestamp(message);
    if (name == "google.protobuf.Duration") return FillDuration(message);
    if (name == "google.protobuf.FieldMask") return FillMask(message);
    if (name == "google.protobuf.Value") return FillValue(depth, message);
    // A Value in the message must not be empty.
    const pb::Descriptor& type = *message.GetDescriptor();
    const int one_in = type.field_count() > 10 ? 5 : 2;
    for (int i = 0; i < type.field_count(); ++i) {
      if (Below(one_in) == 0) SetField(depth, *type.field(i), message);
    }
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }

  template <typename T>
  T Integer() {
    switch (Below(4)) {
      case 0:
        return static_cast<T>(Below(3));
      case 1:
        return std::numeric_limits<T>::min();
      case 2:
        return std::numeric_limits<T>::max();
      default:
        return static_cast<T>(random_() >> Below(64));
    }
  }

  double Double() {
    // Without -0: json_util 3.21 loses its sign when reading.
    static constexpr std::array kEdges = {
        0.0,  1.0, -1.5, 1e300,   5e-324,
        1e21, 0.1, 1e-7, 55.7887, std::numeric_limits<double>::max()};
    if (Below(2) == 0) return kEdges[Below(kEdges.size())];
    return std::ldexp(static_cast<double>(static_cast<int64_t>(random_())),
                      static_cast<int>(Below(200)) - 150);
  }

  double DoubleOrNot() {
    switch (Below(12)) {
      case 0:
        return std::numeric_limits<double>::infinity();
      case 1:
        return -std::numeric_limits<double>::infinity();
      case 2:
        return std::numeric_limits<double>::quiet_NaN();
      default:
        return Double();
    }
  }

  // Only quarters: json_util writes nine digits of a float and we write the shortest text that
  // reads back; the two texts must mean the same number.
  float Float() {
    const double value = DoubleOrNot();
    if (!std::isfinite(value)) return static_cast<float>(value);
    return static_cast<float>(static_cast<int16_t>(random_())) / 4;
  }

  std::string Text() {
    static const std::array<std::string, 14> kPieces = {
        "яма на дороге",
        "a",
        "hello world, this is long enough for blocks of sixteen",
        "\"",
        "\\",
        "\n",
        std::string(1, '\0'),
        "\x1f\x7f",
        "\xe2\x80\xa8",
        "😀",
        "</script>",
        "ё",
        "/",
        "\t\r\b\f"};
    std::string text;
    for (uint64_t n = Below(5); n > 0; --n) text += kPieces[Below(kPieces.size())];
    return text;
  }

  std::string Bytes() {
    std::string bytes(Below(9), '\0');
    for (char& c : bytes) c = static_cast<char>(random_());
    return bytes;
  }

  void FillTimestamp(pb::Message& message) {
    const int64_t seconds = Below(4) == 0 ? -62'135'596'800
                            : Below(4) == 0
                                ? 253'402'300'799
                                : static_cast<int64_t>(Below(315'537'897'600)) - 62'135'596'800;
    SetTime(seconds, Nanos(), message);
  }

  void FillDuration(pb::Message& message) {
    const int64_t seconds = Below(4) == 0 ? 0 : static_cast<int64_t>(Below(315'576'000'000));
    const int sign = Below(2) == 0 ? 1 : -1;
    SetTime(sign * seconds, sign * Nanos(), message);
  }

  int32_t Nanos() {
    static constexpr std::array kUnits = {1'000'000'000, 1'000'000, 1'000, 1};
    const int32_t unit = kUnits[Below(kUnits.size())];
    return static_cast<int32_t>(Below(1'000'000'000 / unit)) * unit;
  }

  static void SetTime(int64_t seconds, int32_t nanos, pb::Message& message) {
    const auto& type = *message.GetDescriptor();
    message.GetReflection()->SetInt64(&message, type.FindFieldByName("seconds"), seconds);
    message.GetReflection()->SetInt32(&message, type.FindFieldByName("nanos"), nanos);
  }

  void FillMask(pb::Message& message) {
    static const std::array<std::string, 4> kPaths = {"text", "home_district", "a.b_c.d1",
                                                      "location.latitude"};
    const auto* paths = message.GetDescriptor()->FindFieldByName("paths");
    for (uint64_t n = Below(4); n > 0; --n) {
      message.GetReflection()->AddString(&message, paths, kPaths[Below(kPaths.size())]);
    }
  }

  void FillValue(int depth, pb::Message& message) {
    const auto& type = *message.GetDescriptor();
    const auto* field = type.field(static_cast<int>(Below(depth > 0 ? 6 : 4)));
    if (field->cpp_type() == Cpp::CPPTYPE_DOUBLE) {
      message.GetReflection()->SetDouble(&message, field, Double());
    } else if (field->cpp_type() == Cpp::CPPTYPE_ENUM) {
      message.GetReflection()->SetEnumValue(&message, field, 0);
    } else {
      Add(depth, *field, message);
    }
  }

  void SetField(int depth, const pb::FieldDescriptor& field, pb::Message& message) {
    if (field.message_type() != nullptr) {
      if (depth <= 0 || field.message_type()->full_name() == "google.protobuf.Any") return;
    }
    if (field.is_map()) {
      for (uint64_t n = Below(4); n > 0; --n) AddEntry(depth, field, message);
    } else if (field.is_repeated()) {
      for (uint64_t n = Below(4); n > 0; --n) Add(depth, field, message);
    } else {
      Add(depth, field, message);
    }
  }

  void AddEntry(int depth, const pb::FieldDescriptor& field, pb::Message& message) {
    pb::Message& entry = *message.GetReflection()->AddMessage(&message, &field);
    Add(depth, *field.message_type()->map_key(), entry);
    Add(depth, *field.message_type()->map_value(), entry);
  }

  int EnumNumber(const pb::EnumDescriptor& type) {
    if (type.full_name() == "google.protobuf.NullValue") return 0;
    if (Below(8) == 0) return 77;  // a number without a name
    return type.value(static_cast<int>(Below(type.value_count())))->number();
  }

  void Add(int depth, const pb::FieldDescriptor& field, pb::Message& message) {
    const pb::Reflection& access = *message.GetReflection();
    const bool list = field.is_repeated();
    const bool text = field.type() == pb::FieldDescriptor::TYPE_STRING;
    auto set = [&](auto set_one, auto add_one, auto value) {
      (access.*(list ? add_one : set_one))(&message, &field, value);
    };
    using R = pb::Reflection;
    switch (field.cpp_type()) {
      case Cpp::CPPTYPE_INT32:
        return set(&R::SetInt32, &R::AddInt32, Integer<int32_t>());
      case Cpp::CPPTYPE_INT64:
        return set(&R::SetInt64, &R::AddInt64, Integer<int64_t>());
      case Cpp::CPPTYPE_UINT32:
        return set(&R::SetUInt32, &R::AddUInt32, Integer<uint32_t>());
      case Cpp::CPPTYPE_UINT64:
        return set(&R::SetUInt64, &R::AddUInt64, Integer<uint64_t>());
      case Cpp::CPPTYPE_DOUBLE:
        return set(&R::SetDouble, &R::AddDouble, DoubleOrNot());
      case Cpp::CPPTYPE_FLOAT:
        return set(&R::SetFloat, &R::AddFloat, Float());
      case Cpp::CPPTYPE_BOOL:
        return set(&R::SetBool, &R::AddBool, Below(2) == 0);
      case Cpp::CPPTYPE_ENUM:
        return set(&R::SetEnumValue, &R::AddEnumValue, EnumNumber(*field.enum_type()));
      case Cpp::CPPTYPE_STRING:
        return set(&R::SetString, &R::AddString, text ? Text() : Bytes());
      case Cpp::CPPTYPE_MESSAGE:
        return Fill(depth - 1, list ? *access.AddMessage(&message, &field)
                                    : *access.MutableMessage(&message, &field));
    }
  }

  std::mt19937_64& random_;
};

}  // namespace

void FillRandomly(std::mt19937_64& random, int depth, pb::Message& message) {
  Filler(random).Fill(depth, message);
}

}  // namespace veche::gateway::json
