// Thousands of random messages, in both directions, against protobuf's own json_util.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>
#include <string>

#include "absl/strings/str_replace.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "services/gateway/json/json.h"
#include "services/gateway/json/random_message.h"
#include "veche/appeals/v1/appeals.pb.h"
#include "veche/testing/v1/everything.pb.h"

namespace veche::gateway::json {
namespace {

namespace pb = ::google::protobuf;

constexpr int kMessages = 3000;

std::string Deterministic(const pb::Message& message) {
  std::string bytes;
  pb::io::StringOutputStream stream(&bytes);
  pb::io::CodedOutputStream out(&stream);
  out.SetSerializationDeterministic(true);
  message.SerializeToCodedStream(&out);
  out.Trim();
  return bytes;
}

// A form of a JSON text that does not depend on the order of its members.
std::string Meaning(const std::string& json) {
  pb::Value value;
  const auto status = pb::util::JsonStringToMessage(json, &value);
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << json;
  return Deterministic(value);
}

template <typename M>
class DifferentialTest : public ::testing::Test {
 protected:
  // Calls `check` with random messages and their wire bytes.
  template <typename F>
  void ForRandomMessages(F check) {
    std::mt19937_64 random(20'261'122);
    for (int i = 0; i < kMessages && !this->HasFailure(); ++i) {
      SCOPED_TRACE(i);
      M message;
      FillRandomly(random, i % 5, message);
      check(message, Deterministic(message));
    }
  }

  Tables tables_;
  const MessageTable& table_ = tables_.Get(M::descriptor());
};
using Types = ::testing::Types<testing::v1::Everything, appeals::v1::Appeal>;
TYPED_TEST_SUITE(DifferentialTest, Types);

TYPED_TEST(DifferentialTest, WritesWhatJsonUtilWrites) {
  this->ForRandomMessages([&](const TypeParam& message, const std::string& wire) {
    for (const bool defaults : {false, true}) {
      std::string ours, theirs;
      ASSERT_OK(WriteJson(this->table_, wire, &ours, {.defaults = defaults}));
      pb::util::JsonPrintOptions options;
      options.always_print_primitive_fields = defaults;
      ASSERT_TRUE(pb::util::MessageToJsonString(message, &theirs, options).ok());
      // Only json_util 3.21 writes an absent NullValue by its name; the mapping wants null.
      theirs = absl::StrReplaceAll(theirs, {{R"("null":"NULL_VALUE")", R"("null":null)"}});
      ASSERT_EQ(Meaning(ours), Meaning(theirs)) << ours << "\n" << theirs;
    }
  });
}

TYPED_TEST(DifferentialTest, WritesWhatJsonUtilReads) {
  this->ForRandomMessages([&](const TypeParam& message, const std::string& wire) {
    std::string json;
    ASSERT_OK(WriteJson(this->table_, wire, &json));
    TypeParam back;
    const auto status = pb::util::JsonStringToMessage(json, &back);
    ASSERT_TRUE(status.ok()) << status.ToString() << "\n" << json;
    ASSERT_EQ(Deterministic(back), wire) << json;
  });
}

TYPED_TEST(DifferentialTest, ReadsWhatJsonUtilWrites) {
  this->ForRandomMessages([&](const TypeParam& message, const std::string& wire) {
    for (int mode = 0; mode < 8; ++mode) {
      pb::util::JsonPrintOptions options;
      options.preserve_proto_field_names = (mode & 1) != 0;
      options.always_print_enums_as_ints = (mode & 2) != 0;
      options.add_whitespace = (mode & 4) != 0;
      std::string json, read;
      ASSERT_TRUE(pb::util::MessageToJsonString(message, &json, options).ok());
      ASSERT_OK(ReadJson(this->table_, json, &read)) << json;
      TypeParam back;
      ASSERT_TRUE(back.ParseFromString(read));
      ASSERT_EQ(Deterministic(back), wire) << json;
    }
  });
}

TYPED_TEST(DifferentialTest, ReadsWhatItWrites) {
  this->ForRandomMessages([&](const TypeParam& message, const std::string& wire) {
    std::string json, read;
    ASSERT_OK(WriteJson(this->table_, wire, &json));
    ASSERT_OK(ReadJson(this->table_, json, &read)) << json;
    TypeParam back;
    ASSERT_TRUE(back.ParseFromString(read));
    ASSERT_EQ(Deterministic(back), wire) << json;
  });
}

TEST(NumbersTest, ComeBackBitByBit) {
  Tables tables;
  const MessageTable& table = tables.Get(testing::v1::Everything::descriptor());
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    testing::v1::Everything message, back;
    message.set_a_double(std::bit_cast<double>(random()));
    message.set_a_float(std::bit_cast<float>(static_cast<uint32_t>(random())));
    if (std::isnan(message.a_double()) || std::isnan(message.a_float())) continue;
    std::string json, wire;
    ASSERT_OK(WriteJson(table, message.SerializeAsString(), &json));
    ASSERT_OK(ReadJson(table, json, &wire)) << json;
    ASSERT_TRUE(back.ParseFromString(wire));
    ASSERT_EQ(std::bit_cast<uint64_t>(back.a_double()), std::bit_cast<uint64_t>(message.a_double()))
        << json;
    ASSERT_EQ(std::bit_cast<uint32_t>(back.a_float()), std::bit_cast<uint32_t>(message.a_float()))
        << json;
  }
}

}  // namespace
}  // namespace veche::gateway::json
