#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/testing/status_matchers.h"
#include "google/protobuf/text_format.h"
#include "services/gateway/json/json.h"
#include "veche/testing/v1/everything.pb.h"

namespace veche::gateway::json {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::veche::testing::HasReason;
using ::veche::testing::IsOkAndHolds;
using ::veche::testing::StatusIs;
using v1 = ::veche::testing::v1::Everything;

class ReaderTest : public ::testing::Test {
 protected:
  // The message in `json`, in protobuf's text form on one line.
  absl::StatusOr<std::string> Read(absl::string_view json) {
    std::string wire = "before";
    const absl::Status status = ReadJson(table_, json, &wire);
    EXPECT_EQ(wire.substr(0, 6), "before");
    if (!status.ok()) {
      EXPECT_EQ(wire, "before");
      return status;
    }
    v1 message;
    EXPECT_TRUE(message.ParseFromString(wire.substr(6))) << json;
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    printer.SetUseUtf8StringEscaping(true);
    std::string text;
    printer.PrintToString(message, &text);
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

  Tables tables_;
  const MessageTable& table_ = tables_.Get(v1::descriptor());
};

TEST_F(ReaderTest, ReadsEveryRule) {
  const std::pair<const char*, const char*> cases[] = {
      {"{}", ""},
      {" { } \n", ""},
      {R"({"anInt32":5,"a_uint32" : 7})", "an_int32: 5 a_uint32: 7"},
      {R"({"anInt32":1.0,"aUint32":1e3})", "an_int32: 1 a_uint32: 1000"},
      {R"({"anInt32":-0,"aUint32":"12"})", "a_uint32: 12"},
      {R"({"anInt32":-2147483648,"aUint32":4294967295})",
       "an_int32: -2147483648 a_uint32: 4294967295"},
      {R"({"anInt64":"-9223372036854775808"})", "an_int64: -9223372036854775808"},
      {R"({"anInt64":9223372036854775807})", "an_int64: 9223372036854775807"},
      {R"({"anInt64":9.223372036854775807e18})", "an_int64: 9223372036854775807"},
      {R"({"aUint64":"18446744073709551615"})", "a_uint64: 18446744073709551615"},
      {R"({"aUint64":1.2e1,"anInt64":"120e-1"})", "an_int64: 12 a_uint64: 12"},
      {R"({"aSint32":-3,"aSint64":"-4"})", "a_sint32: -3 a_sint64: -4"},
      {R"({"aFixed32":7,"aFixed64":8,"aSfixed32":-7,"aSfixed64":-8})",
       "a_fixed32: 7 a_fixed64: 8 a_sfixed32: -7 a_sfixed64: -8"},
      {R"({"aDouble":1.5,"aFloat":"0.25"})", "a_double: 1.5 a_float: 0.25"},
      {R"({"aDouble":"NaN","aFloat":"-Infinity"})", "a_double: nan a_float: -inf"},
      {R"({"aDouble":123456789012345678901234567890})", "a_double: 1.2345678901234568e+29"},
      {R"({"aDouble":1e-999})", ""},
      {R"({"aDouble":-0})", "a_double: -0"},
      {R"({"aBool":true,"aString":"x\u00e9\ud83d\ude00\n\/"})",
       "a_bool: true a_string: \"xé😀\\n/\""},
      {R"({"aString":"\u0000"})", "a_string: \"\\000\""},
      {R"({"aBytes":"//79/A=="})", "a_bytes: \"\\377\\376\\375\\374\""},
      {R"({"aBytes":"__79_A"})", "a_bytes: \"\\377\\376\\375\\374\""},
      {R"({"aColor":"CRIMSON"})", "a_color: RED"},
      {R"({"aColor":-1})", "a_color: INFRARED"},
      {R"({"aColor":42})", "a_color: 42"},
      {R"({"aNested":{"name":"n","child":{"size":1}}})",
       "a_nested { name: \"n\" child { size: 1 } }"},
      {R"({"aNested":{},"anInt32":null,"time":null,"int32s":null,"labels":null})", "a_nested { }"},
      {R"({"maybeInt32":0,"maybeString":null})", "maybe_int32: 0"},
      {R"({"int32s":[1, 2],"unpacked":[3],"strings":["a"],"nesteds":[{},{"size":1}]})",
       "int32s: 1 int32s: 2 strings: \"a\" nesteds { } nesteds { size: 1 } unpacked: 3"},
      {R"({"int32s":[]})", ""},
      {R"({"labels":{"a":"b"},"byInt64":{"-1":2}})",
       "labels { key: \"a\" value: \"b\" } by_int64 { key: -1 value: 2 }"},
      {R"({"byBool":{"true":1},"byFixed32":{"1":"RED"}})",
       "by_fixed32 { key: 1 value: RED } by_bool { key: true value: 1 }"},
      {R"({"chosenInt64":null,"chosenString":"s"})", "chosen_string: \"s\""},
      {R"({"chosenColor":null,"chosenString":"s"})", "chosen_string: \"s\""},
      {R"({"chosenNull":null})", "chosen_null: NULL_VALUE"},
      {R"({"chosenValue":null})", "chosen_value { null_value: NULL_VALUE }"},
      {R"({"time":"2026-09-21T16:13:20.12+02:00"})",
       "time { seconds: 1790000000 nanos: 120000000 }"},
      {R"({"time":"1969-12-31T23:59:59.5Z"})", "time { seconds: -1 nanos: 500000000 }"},
      {R"({"time":"2024-02-29T00:00:00Z"})", "time { seconds: 1709164800 }"},
      {R"({"duration":"-1.5s"})", "duration { seconds: -1 nanos: -500000000 }"},
      {R"({"mask":"homeDistrict,a.bC"})", "mask { paths: \"home_district\" paths: \"a.b_c\" }"},
      {R"({"mask":""})", "mask { }"},
      {R"({"object":{"a":1,"b":null}})",
       "object { fields { key: \"a\" value { number_value: 1 } } fields { key: \"b\" value { "
       "null_value: NULL_VALUE } } }"},
      {R"({"value":null})", "value { null_value: NULL_VALUE }"},
      {R"({"value":[true,{"k":"v"}]})",
       "value { list_value { values { bool_value: true } values { struct_value { fields { key: "
       "\"k\" value { string_value: \"v\" } } } } } }"},
      {R"({"list":[],"object":{}})", "object { } list { }"},
      {R"({"null":null,"empty":{}})", "empty { }"},
      {R"({"values":[null,1]})", "values { null_value: NULL_VALUE } values { number_value: 1 }"},
      {R"({"wrappedInt64":"5","wrappedString":"","wrappedBool":null,"wrappedBytes":"YQ"})",
       "wrapped_int64 { value: 5 } wrapped_string { } wrapped_bytes { value: \"a\" }"},
      {R"({"@type":"x","far_away":1})", "renamed: \"x\" far_away: 1"},
      {R"({"an\u0049nt32":5})", "an_int32: 5"},
  };
  for (const auto& [json, text] : cases) EXPECT_THAT(Read(json), IsOkAndHolds(text)) << json;
}

TEST_F(ReaderTest, SaysWhereTheJsonIsBroken) {
  const std::tuple<std::string, const char*, const char*> cases[] = {
      {"", "line 1, column 1 (byte 0)", "ends"},
      {"  ", "(byte 2)", "ends"},
      {"{", "(byte 1)", "name in quotes"},
      {"{\"anInt32\":1", "(byte 12)", "comma or }"},
      {"{\"anInt32\":1,}", "(byte 13)", "name in quotes"},
      {"{\n  \"anInt32\" 1}", "line 2, column 13 (byte 14)", "colon"},
      {"{\"anInt32\":}", "(byte 11)", "value"},
      {"{\"int32s\":[1 2]}", "(byte 13)", "comma or ]"},
      {"{\"int32s\":[1,]}", "(byte 13)", "value"},
      {"{\"aBool\":tru}", "(byte 9)", "value"},
      {"{\"aBool\":truex}", "(byte 9)", "value"},
      {"{\"anInt32\":nul}", "(byte 11)", "value"},
      {"{\"anInt32\":01}", "(byte 11)", "value"},
      {"{\"anInt32\":+1}", "(byte 11)", "value"},
      {"{\"anInt32\":1.}", "(byte 11)", "value"},
      {"{\"aDouble\":NaN}", "(byte 11)", "value"},
      {"{\"aString\":\"abc}", "(byte 11)", "no end"},
      {"{\"aString\":\"a\\x\"}", "(byte 11)", "escape"},
      {"{\"aString\":\"\\u12\"}", "(byte 11)", "escape"},
      {"{\"aString\":\"a\nb\"}", "line 1, column 14 (byte 13)", "control"},
      {"{\"aString\":\"a\xff\"}", "(byte 13)", "UTF-8"},
      {"{\"aString\":\"\xed\xa0\x80\"}", "(byte 12)", "UTF-8"},
      {"{} {}", "(byte 3)", "more"},
      {"{}x", "(byte 2)", "more"},
      {"{\"nope\":[1,{\"a\":tru}]}", "(byte 16)", "value"},
      {"{\"nope\":\"\\q\"}", "(byte 8)", "escape"},
      {"{'anInt32':1}", "(byte 1)", "name in quotes"},
      {"{anInt32:1}", "(byte 1)", "name in quotes"},
      {"{\"anInt32\":1/*c*/}", "(byte 11)", "value"},
  };
  const Texts texts = *Texts::Parse({CommonTexts()});
  for (const auto& [json, where, what] : cases) {
    const absl::Status status = Read(json).status();
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kInvalidArgument)) << json;
    EXPECT_THAT(status, HasReason("BROKEN_JSON")) << json;
    EXPECT_THAT(LocalizedMessage(Localize(status, texts, "en")),
                AllOf(HasSubstr(where), HasSubstr(what)))
        << json;
  }
}

std::string Repeat(absl::string_view text, int times) {
  std::string result;
  for (; times > 0; --times) absl::StrAppend(&result, text);
  return result;
}

TEST_F(ReaderTest, BoundsNesting) {
  auto nested = [&](int depth) {
    return Read("{\"aNested\":" + Repeat("{\"child\":", depth - 1) + "{}" + Repeat("}", depth));
  };
  auto lists = [&](int depth) {
    return Read("{\"value\":" + Repeat("[", depth) + Repeat("]", depth) + "}");
  };
  auto unknown = [&](int depth) {
    return Read("{\"nope\":" + Repeat("[", depth) + Repeat("]", depth) + "}");
  };
  EXPECT_OK(nested(100));  // Read() checks that protobuf accepts it too
  EXPECT_THAT(nested(101), HasReason("JSON_TOO_DEEP"));
  EXPECT_OK(lists(49));
  EXPECT_THAT(lists(51), HasReason("JSON_TOO_DEEP"));
  EXPECT_THAT(unknown(100), HasReason("INVALID_FIELDS"));
  EXPECT_THAT(unknown(101), HasReason("JSON_TOO_DEEP"));
  EXPECT_THAT(unknown(1'000'000), HasReason("JSON_TOO_DEEP"));
}

TEST_F(ReaderTest, ReadsLongTexts) {
  const std::string text(3'000'000, 'x');
  std::string wire;
  EXPECT_OK(ReadJson(table_, "{\"aString\":\"" + text + "\\n\"}", &wire));
  v1 message;
  ASSERT_TRUE(message.ParseFromString(wire));
  EXPECT_EQ(message.a_string(), text + "\n");
}

TEST_F(ReaderTest, ReadsOneField) {
  Violations violations;
  std::string wire;
  EXPECT_OK(ReadFieldJson(table_, v1::kANestedFieldNumber, R"({"size":3})", &violations, &wire));
  EXPECT_OK(ReadFieldJson(table_, v1::kStringsFieldNumber, R"(["a"])", &violations, &wire));
  v1 message;
  ASSERT_TRUE(message.ParseFromString(wire));
  EXPECT_EQ(message.a_nested().size(), 3);
  EXPECT_EQ(message.strings(0), "a");
  EXPECT_TRUE(violations.empty());
  EXPECT_OK(ReadFieldJson(table_, v1::kANestedFieldNumber, R"({"x":3})", &violations, &wire));
  EXPECT_FALSE(violations.empty());
}

}  // namespace
}  // namespace veche::gateway::json
