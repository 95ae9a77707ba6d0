#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/testing/status_matchers.h"
#include "google/protobuf/text_format.h"
#include "services/gateway/json/json.h"
#include "veche/testing/v1/everything.pb.h"

namespace veche::gateway::json {
namespace {

using v1 = ::veche::testing::v1::Everything;

class UrlValueTest : public ::testing::Test {
 protected:
  std::string Text(const std::string& wire) {
    v1 message;
    EXPECT_TRUE(message.ParseFromString(wire));
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    std::string text;
    printer.PrintToString(message, &text);
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  Tables tables_;
  const MessageTable& table_ = tables_.Get(v1::descriptor());
};

TEST_F(UrlValueTest, ReadsEveryKind) {
  const std::tuple<const char*, const char*, const char*> cases[] = {
      {"anInt32", "-5", "an_int32: -5"},
      {"an_int32", "7", "an_int32: 7"},
      {"aUint64", "18446744073709551615", "a_uint64: 18446744073709551615"},
      {"aDouble", "55.75", "a_double: 55.75"},
      {"aFloat", "NaN", "a_float: nan"},
      {"aBool", "true", "a_bool: true"},
      {"aString", "\"x y", "a_string: \"\\\"x y\""},
      {"aBytes", "-_8", "a_bytes: \"\\373\\377\""},
      {"aColor", "GREEN", "a_color: GREEN"},
      {"aColor", "2", "a_color: GREEN"},
      {"aNested.size", "3", "a_nested { size: 3 }"},
      {"a_nested.child.tags", "t", "a_nested { child { tags: \"t\" } }"},
      {"int32s", "4", "int32s: 4"},
      {"unpacked", "4", "unpacked: 4"},
      {"maybeString", "", "maybe_string: \"\""},
      {"time", "2026-09-21T14:13:20Z", "time { seconds: 1790000000 }"},
      {"duration", "1.5s", "duration { seconds: 1 nanos: 500000000 }"},
      {"mask", "homeDistrict,display_name",
       "mask { paths: \"home_district\" paths: \"display_name\" }"},
      {"wrappedInt64", "5", "wrapped_int64 { value: 5 }"},
      {"times", "1970-01-01T00:00:01Z", "times { seconds: 1 }"},
      {"myself.myself.aString", "x", "myself { myself { a_string: \"x\" } }"},
  };
  for (const auto& [path, text, expected] : cases) {
    Violations violations;
    std::string wire;
    EXPECT_TRUE(AppendScalar(table_, path, text, &violations, &wire)) << path;
    EXPECT_TRUE(violations.empty());
    EXPECT_EQ(Text(wire), expected) << path;
  }
}

TEST_F(UrlValueTest, RefusesWhatIsNotRight) {
  const std::pair<const char*, const char*> cases[] = {
      {"nope", "x"},
      {"aNested.nope", "x"},
      {"aNested", "x"},
      {"nesteds.size", "1"},
      {"labels", "x"},
      {"labels.a", "x"},
      {"value", "1"},
      {"object.fields", "1"},
      {"time.seconds", "1"},
      {"anInt32", "x"},
      {"anInt32", "1.5"},
      {"anInt32", ""},
      {"aBool", "1"},
      {"aColor", "BLUE"},
      {"aColor", "3000000000"},
      {"aString", "\xff"},
      {"time", "now"},
      {"any", "x"},
      {"", "x"},
      {"aNested.", "x"},
      {".aNested", "x"},
      {"empty", ""},
      {"mask", "a b"},
  };
  for (const auto& [path, text] : cases) {
    Violations violations;
    std::string wire = "before";
    EXPECT_FALSE(AppendScalar(table_, path, text, &violations, &wire)) << path << "=" << text;
    EXPECT_FALSE(violations.empty());
    EXPECT_EQ(wire, "before");
  }
}

TEST_F(UrlValueTest, JoinsTheBody) {
  Violations violations;
  std::string wire;
  ASSERT_OK(ReadJson(table_, R"({"aNested":{"name":"body","size":1},"int32s":[1],"anInt32":1})",
                     &violations, &wire));
  for (const char* text : {"2", "3"}) {
    EXPECT_TRUE(AppendScalar(table_, "int32s", text, &violations, &wire));
  }
  EXPECT_TRUE(AppendScalar(table_, "aNested.name", "path", &violations, &wire));
  EXPECT_TRUE(AppendScalar(table_, "anInt32", "9", &violations, &wire));
  EXPECT_EQ(Text(wire),
            "an_int32: 9 a_nested { name: \"path\" size: 1 } int32s: 1 int32s: 2 int32s: 3");
}

TEST_F(UrlValueTest, WritesLongValuesInside) {
  Violations violations;
  std::string wire;
  const std::string text(100'000, 'x');
  EXPECT_TRUE(AppendScalar(table_, "myself.aNested.child.name", text, &violations, &wire));
  v1 message;
  ASSERT_TRUE(message.ParseFromString(wire));
  EXPECT_EQ(message.myself().a_nested().child().name(), text);
}

}  // namespace
}  // namespace veche::gateway::json
