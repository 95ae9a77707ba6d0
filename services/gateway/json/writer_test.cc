#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/testing/status_matchers.h"
#include "google/protobuf/text_format.h"
#include "services/gateway/json/json.h"
#include "veche/testing/v1/everything.pb.h"

namespace veche::gateway::json {
namespace {

using ::testing::HasSubstr;
using ::veche::testing::HasReason;
using ::veche::testing::StatusIs;
using v1 = ::veche::testing::v1::Everything;

class WriterTest : public ::testing::Test {
 protected:
  std::string Json(absl::string_view wire, bool defaults = false) {
    std::string json = "before ";
    const absl::Status status = WriteJson(table_, wire, &json, {.defaults = defaults});
    EXPECT_OK(status);
    EXPECT_EQ(json.substr(0, 7), "before ");
    return json.substr(7);
  }
  std::string JsonOf(const std::string& text) {
    v1 message;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
    return Json(message.SerializeAsString());
  }
  absl::Status Error(absl::string_view wire) {
    std::string json = "before";
    const absl::Status status = WriteJson(table_, wire, &json);
    EXPECT_EQ(json, "before");
    return status;
  }

  Tables tables_;
  const MessageTable& table_ = tables_.Get(v1::descriptor());
};

TEST_F(WriterTest, WritesEveryRule) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "{}"},
      {"a_double: 1", R"({"aDouble":1})"},
      {"a_double: 0.1 a_float: 0.1", R"({"aDouble":0.1,"aFloat":0.1})"},
      {"a_double: -0.0", R"({"aDouble":-0})"},
      {"a_double: nan a_float: inf", R"({"aDouble":"NaN","aFloat":"Infinity"})"},
      {"a_double: -inf", R"({"aDouble":"-Infinity"})"},
      {"an_int32: -5 a_uint32: 4294967295", R"({"anInt32":-5,"aUint32":4294967295})"},
      {"an_int64: -9223372036854775808", R"({"anInt64":"-9223372036854775808"})"},
      {"a_uint64: 18446744073709551615", R"({"aUint64":"18446744073709551615"})"},
      {"a_sint32: -3 a_sint64: -4", R"({"aSint32":-3,"aSint64":"-4"})"},
      {"a_fixed32: 7 a_fixed64: 8", R"({"aFixed32":7,"aFixed64":"8"})"},
      {"a_sfixed32: -7 a_sfixed64: -8", R"({"aSfixed32":-7,"aSfixed64":"-8"})"},
      {"a_bool: true", R"({"aBool":true})"},
      {"a_string: 'яма \"\\\\\\n\\001\\t\\177'", R"({"aString":"яма \"\\\n\u0001\t)"
                                                 "\x7f\"}"},
      {"a_bytes: '\\377\\376\\375\\374'", R"({"aBytes":"//79/A=="})"},
      {"a_color: GREEN", R"({"aColor":"GREEN"})"},
      {"a_color: CRIMSON", R"({"aColor":"RED"})"},  // the first name of its number
      {"a_color: INFRARED", R"({"aColor":"INFRARED"})"},
      {"a_color: ULTRAVIOLET", R"({"aColor":"ULTRAVIOLET"})"},
      {"a_color: 42", R"({"aColor":42})"},
      {"a_nested {}", R"({"aNested":{}})"},
      {"a_nested { child { size: 1 } }", R"({"aNested":{"child":{"size":1}}})"},
      {"maybe_int32: 0 maybe_string: ''", R"({"maybeInt32":0,"maybeString":""})"},
      {"int32s: [1, -2] int64s: [3]", R"({"int32s":[1,-2],"int64s":["3"]})"},
      {"unpacked: [1, 2]", R"({"unpacked":[1,2]})"},
      {"strings: ['a', '']", R"({"strings":["a",""]})"},
      {"nesteds {} nesteds { name: 'x' }", R"({"nesteds":[{},{"name":"x"}]})"},
      {"labels { key: 'a\"' value: 'b' }", R"({"labels":{"a\"":"b"}})"},
      {"by_int64 { key: -1 value: 2 }", R"({"byInt64":{"-1":"2"}})"},
      {"by_bool { key: true value: 1 }", R"({"byBool":{"true":1}})"},
      {"by_bool { }", R"({"byBool":{"false":0}})"},
      {"by_fixed64 { key: 1 }", R"({"byFixed64":{"1":{}}})"},
      {"by_sfixed32 { key: 1 }", R"({"bySfixed32":{"1":"1970-01-01T00:00:00Z"}})"},
      {"chosen_int64: 0", R"({"chosenInt64":"0"})"},
      {"chosen_null: NULL_VALUE", R"({"chosenNull":null})"},
      {"time {}", R"({"time":"1970-01-01T00:00:00Z"})"},
      {"time { seconds: 1790000000 nanos: 120000000 }", R"({"time":"2026-09-21T14:13:20.120Z"})"},
      {"time { seconds: -1 nanos: 1000 }", R"({"time":"1969-12-31T23:59:59.000001Z"})"},
      {"time { seconds: -62135596800 nanos: 1 }", R"({"time":"0001-01-01T00:00:00.000000001Z"})"},
      {"time { seconds: 253402300799 }", R"({"time":"9999-12-31T23:59:59Z"})"},
      {"duration { seconds: 3 }", R"({"duration":"3s"})"},
      {"duration { nanos: -500000000 }", R"({"duration":"-0.500s"})"},
      {"duration { seconds: -1 nanos: -1 }", R"({"duration":"-1.000000001s"})"},
      {"mask { paths: 'home_district' paths: 'a.b_c' }", R"({"mask":"homeDistrict,a.bC"})"},
      {"mask {}", R"({"mask":""})"},
      {"object {}", R"({"object":{}})"},
      {"object { fields { key: 'a' value { number_value: 1.5 } } }", R"({"object":{"a":1.5}})"},
      {"value { null_value: NULL_VALUE }", R"({"value":null})"},
      {"value {}", R"({"value":null})"},
      {"value { list_value { values { bool_value: true } values { struct_value {} } } }",
       R"({"value":[true,{}]})"},
      {"list {}", R"({"list":[]})"},
      {"empty {}", R"({"empty":{}})"},
      {"wrapped_double { value: 2 } wrapped_int64 {}", R"({"wrappedDouble":2,"wrappedInt64":"0"})"},
      {"wrapped_string {} wrapped_bool { value: true } wrapped_bytes { value: 'a' }",
       R"({"wrappedBool":true,"wrappedString":"","wrappedBytes":"YQ=="})"},
      {"far_away: 1 renamed: 'x'", R"({"farAway":1,"@type":"x"})"},
      {"field_with_a_very_long_name_that_is_longer_than_the_padding_of_keys: 'x'",
       R"({"fieldWithAVeryLongNameThatIsLongerThanThePaddingOfKeys":"x"})"},
  };
  for (const auto& [text, json] : cases) EXPECT_EQ(JsonOf(text), json) << text;
}

TEST_F(WriterTest, WritesAbsentFieldsWithoutPresence) {
  const MessageTable& nested = tables_.Get(v1::Nested::descriptor());
  std::string json;
  EXPECT_OK(WriteJson(nested, "", &json));
  EXPECT_EQ(json, R"({"name":"","size":0,"tags":[]})");
  json = Json("", /*defaults=*/true);
  EXPECT_THAT(json, HasSubstr(R"("aColor":"COLOR_UNSPECIFIED")"));
  EXPECT_THAT(json, HasSubstr(R"("anInt64":"0")"));
  EXPECT_THAT(json, HasSubstr(R"("labels":{})"));
  EXPECT_THAT(json, HasSubstr(R"("null":null)"));
  for (const char* absent : {"maybe", "chosen", "aNested", "wrapped\"", "time\""}) {
    EXPECT_THAT(json, ::testing::Not(HasSubstr(absent)));
  }
}

TEST_F(WriterTest, MergesWhatComesTwice) {
  v1 first, second;
  first.set_an_int32(1);
  first.add_strings("a");
  first.mutable_a_nested()->set_name("n");
  first.mutable_a_nested()->add_tags("t");
  first.set_chosen_string("gone");
  second.set_an_int32(2);
  second.add_strings("b");
  second.mutable_a_nested()->set_size(5);
  second.mutable_a_nested()->add_tags("u");
  second.set_chosen_int64(7);
  EXPECT_EQ(Json(first.SerializeAsString() + second.SerializeAsString()),
            R"({"anInt32":2,"aNested":{"name":"n","size":5,"tags":["t","u"]},)"
            R"("strings":["a","b"],"chosenInt64":"7"})");
}

TEST_F(WriterTest, OfAMapsKeysTheLastCounts) {
  v1 first, second;
  (*first.mutable_labels())["k"] = "1";
  (*first.mutable_labels())["l"] = "2";
  (*second.mutable_labels())["k"] = "3";
  EXPECT_EQ(Json(first.SerializeAsString() + second.SerializeAsString()),
            R"({"labels":{"k":"3","l":"2"}})");
}

// The wire of a message with these entries, each in a message of its own.
template <typename Add>
std::string EntriesOnWire(const std::vector<int>& keys, Add add) {
  std::string wire;
  for (const int key : keys) {
    v1 message;
    add(message, key);
    wire += message.SerializeAsString();
  }
  return wire;
}

TEST_F(WriterTest, SortsMapsByTheirKeys) {
  EXPECT_EQ(
      JsonOf("labels { key: 'я' } labels { key: 'b' } labels { key: 'a' } labels { key: 'ab' }"
             "labels {} labels { key: '\\n' }"),
      R"({"labels":{"":"","\n":"","a":"","ab":"","b":"","я":""}})");
  EXPECT_EQ(JsonOf("by_int32 { key: 9 } by_int32 { key: 10 } by_int32 { key: -1 }"),
            R"({"byInt32":{"-1":"","10":"","9":""}})");
  EXPECT_EQ(JsonOf("by_bool { key: true } by_bool { key: false }"),
            R"({"byBool":{"false":0,"true":0}})");
  EXPECT_EQ(JsonOf("object { fields { key: 'b' value { number_value: 1 } }"
                   "fields { key: 'a' value { struct_value { fields { key: 'd' value {} }"
                   "fields { key: 'c' value {} } } } } }"),
            R"({"object":{"a":{"c":null,"d":null},"b":1}})");
}

TEST_F(WriterTest, EqualMapsAreEqualTextsInAnyOrderOnTheWire) {
  std::vector<int> keys(500);
  std::iota(keys.begin(), keys.end(), 0);
  const auto add = [](v1& message, int key) {
    (*message.mutable_labels())[absl::StrCat("ключ ", key)] = absl::StrCat(key);
    (*message.mutable_nested_by_name())[absl::StrCat(key)].set_size(key);
    (*message.mutable_by_int64())[key - 250] = key;
  };
  const std::string sorted = Json(EntriesOnWire(keys, add));
  std::mt19937 random(20'261'130);
  for (int i = 0; i < 20; ++i) {
    std::shuffle(keys.begin(), keys.end(), random);
    ASSERT_EQ(Json(EntriesOnWire(keys, add)), sorted);
  }
}

TEST_F(WriterTest, ReadsBothPackedAndUnpacked) {
  const std::string unpacked("\x88\x02\x01\x88\x02\x02", 6);  // int32s = 33
  const std::string packed("\x82\x03\x02\x05\x06", 5);        // unpacked = 48
  EXPECT_EQ(Json(unpacked), R"({"int32s":[1,2]})");
  EXPECT_EQ(Json(packed), R"({"unpacked":[5,6]})");
}

TEST_F(WriterTest, LeavesOutWhatItDoesNotKnow) {
  EXPECT_EQ(Json(std::string("\xc0\x3e\x01\x18\x05", 5)), R"({"anInt32":5})");  // number 1000
  EXPECT_EQ(Json(std::string("\xc3\x3e\x08\x01\xc4\x3e\x18\x05", 8)),
            R"({"anInt32":5})");                       // a group
  EXPECT_EQ(Json(std::string("\x1a\x01x", 3)), "{}");  // not the wire type of an int32
}

TEST_F(WriterTest, RefusesBytesThatAreNoMessage) {
  for (absl::string_view wire :
       {absl::string_view("\x18", 1),
        absl::string_view("\x72\x05"
                          "abc",
                          5),
        absl::string_view("\x00\x01", 2), absl::string_view("\x1f", 1),
        absl::string_view("\xc3\x3e\x08\x01", 4), absl::string_view("\x8a\x02\x02\x80\x80", 5),
        absl::string_view("\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12)}) {
    EXPECT_THAT(Error(wire), HasReason("BAD_WIRE"));
    EXPECT_THAT(Error(wire), StatusIs(absl::StatusCode::kInternal));
  }
}

TEST_F(WriterTest, RefusesTextThatIsNotUtf8) {
  EXPECT_THAT(Error("\x72\x02\xc3\x28"), HasReason("INVALID_UTF8"));
}

TEST_F(WriterTest, RefusesWhatHasNoForm) {
  v1 message;
  message.mutable_any();
  EXPECT_THAT(Error(message.SerializeAsString()), HasReason("NO_JSON_FORM"));
  message.Clear();
  message.mutable_time()->set_seconds(253'402'300'800);
  EXPECT_THAT(Error(message.SerializeAsString()), HasReason("NO_JSON_FORM"));
  message.Clear();
  message.mutable_duration()->set_seconds(1);
  message.mutable_duration()->set_nanos(-1);
  EXPECT_THAT(Error(message.SerializeAsString()), HasReason("NO_JSON_FORM"));
  message.Clear();
  message.mutable_value()->set_number_value(std::numeric_limits<double>::quiet_NaN());
  EXPECT_THAT(Error(message.SerializeAsString()), HasReason("NO_JSON_FORM"));
  message.Clear();
  message.mutable_mask()->add_paths("notSnake");
  EXPECT_THAT(Error(message.SerializeAsString()), HasReason("NO_JSON_FORM"));
}

TEST_F(WriterTest, RefusesEndlessNesting) {
  v1 message;
  v1::Nested* nested = message.mutable_a_nested();
  for (int depth = 1; depth < kMaxDepth; ++depth) nested = nested->mutable_child();
  EXPECT_THAT(Json(message.SerializeAsString()), HasSubstr("child"));
  nested->mutable_child();
  EXPECT_THAT(Error(message.SerializeAsString()), HasReason("BAD_WIRE"));
}

TEST_F(WriterTest, WritesOneField) {
  v1 message;
  message.add_strings("a");
  message.mutable_a_nested()->set_name("n");
  const std::string wire = message.SerializeAsString();
  auto field = [&](uint32_t number) {
    std::string json;
    EXPECT_OK(WriteFieldJson(table_, number, wire, &json, {.defaults = false}));
    return json;
  };
  EXPECT_EQ(field(v1::kStringsFieldNumber), R"(["a"])");
  EXPECT_EQ(field(v1::kANestedFieldNumber), R"({"name":"n"})");
  EXPECT_EQ(field(v1::kLabelsFieldNumber), "{}");
  EXPECT_EQ(field(v1::kAnInt64FieldNumber), R"("0")");
  EXPECT_EQ(field(v1::kTimeFieldNumber), "null");
}

TEST_F(WriterTest, FindsAString) {
  v1 message;
  message.set_a_string("etag");
  message.mutable_a_nested()->mutable_child()->set_name("inner");
  const std::string wire = message.SerializeAsString();
  EXPECT_EQ(FindString(wire, {v1::kAStringFieldNumber}), "etag");
  EXPECT_EQ(FindString(wire, {17, 4, 1}), "inner");
  EXPECT_EQ(FindString(wire, {17, 1}), "");
  EXPECT_EQ(FindString(wire, {44}), "");
  EXPECT_EQ(FindString(wire + wire.substr(0, 1), {99}), "");
  EXPECT_EQ(FindString("\xff", {1}), "");
}

}  // namespace
}  // namespace veche::gateway::json
