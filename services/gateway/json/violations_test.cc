#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "common/testing/status_matchers.h"
#include "google/rpc/error_details.pb.h"
#include "services/gateway/json/json.h"
#include "veche/testing/v1/everything.pb.h"

namespace veche::gateway::json {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;
using v1 = ::veche::testing::v1::Everything;

class ViolationsTest : public ::testing::Test {
 protected:
  // Returns "path: description" of each violation.
  std::vector<std::string> Read(absl::string_view json) {
    std::string wire;
    const absl::Status status = Localize(ReadJson(table_, json, &wire), texts_, "en");
    EXPECT_EQ(wire, "");
    EXPECT_EQ(ErrorReason(status), "INVALID_FIELDS") << status;
    google::rpc::BadRequest bad;
    const auto payload = status.GetPayload("type.googleapis.com/google.rpc.BadRequest");
    EXPECT_TRUE(payload && bad.ParseFromString(std::string(*payload)));
    std::vector<std::string> texts;
    for (const auto& violation : bad.field_violations()) {
      texts.push_back(absl::StrCat(violation.field(), ": ", violation.description()));
    }
    return texts;
  }

  const Texts texts_ = *Texts::Parse({CommonTexts()});
  Tables tables_;
  const MessageTable& table_ = tables_.Get(v1::descriptor());
};

TEST_F(ViolationsTest, NamesEveryWrongFieldAtOnce) {
  EXPECT_THAT(
      Read(
          R"({"nope":{"a":[1,{}]},"anInt32":"x","aNested":{"nam":1,"size":1.5},"aString":5,)"
          R"("int32s":[1,"y",null],"nesteds":[{},{"tags":[{}]}],"labels":{"a":1},"aBool":"true"})"),
      ElementsAre("nope: is not a field of this message", StartsWith("anInt32: must be a whole"),
                  "aNested.nam: is not a field of this message",
                  StartsWith("aNested.size: must be a whole number"), "aString: must be a string",
                  StartsWith("int32s[1]: must be a whole"),
                  StartsWith("int32s[2]: must be a whole"), "nesteds[1].tags[0]: must be a string",
                  "labels[\"a\"]: must be a string", "aBool: must be true or false"));
}

TEST_F(ViolationsTest, KnowsEachRule) {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"anInt32":2147483648})", "anInt32: must be a whole number from -2147483648"},
      {R"({"anInt32":-2147483649})", "anInt32: must be a whole number"},
      {R"({"aUint32":-1})", "aUint32: must be a whole number from 0 to 4294967295"},
      {R"({"aUint32":4294967296})", "aUint32: must be"},
      {R"({"anInt64":"9223372036854775808"})", "anInt64: must be"},
      {R"({"anInt64":1e30})", "anInt64: must be"},
      {R"({"anInt64":1e999999999999999999999})", "anInt64: must be"},
      {R"({"aUint64":18446744073709551616})", "aUint64: must be"},
      {R"({"aUint64":"-1"})", "aUint64: must be"},
      {R"({"anInt32":0.1})", "anInt32: must be"},
      {R"({"anInt32":""})", "anInt32: must be"},
      {R"({"anInt32":" 1"})", "anInt32: must be"},
      {R"({"anInt32":"0x1"})", "anInt32: must be"},
      {R"({"anInt32":true})", "anInt32: must be"},
      {R"({"anInt32":{}})", "anInt32: must be"},
      {R"({"aDouble":1e309})", "aDouble: is too large"},
      {R"({"aDouble":"-1e309"})", "aDouble: is too large"},
      {R"({"aFloat":1e39})", "aFloat: is too large"},
      {R"({"aDouble":"nan"})", "aDouble: must be a number"},
      {R"({"aDouble":""})", "aDouble: must be a number"},
      {R"({"aDouble":"1,5"})", "aDouble: must be a number"},
      {R"({"aString":"\ud800"})", "aString: has half of a surrogate pair"},
      {R"({"aString":"\udc00x"})", "aString: has half"},
      {R"({"aString":"\ud800\ud800"})", "aString: has half"},
      {R"({"aBytes":"a"})", "aBytes: must be a string of bytes in base64"},
      {R"({"aBytes":"ab c"})", "aBytes: must be"},
      {R"({"aBytes":"ab="})", "aBytes: must be"},
      {R"({"aBytes":"===="})", "aBytes: must be"},
      {R"({"aColor":"BLUE"})", "aColor: must be a name of the enum's values"},
      {R"({"aColor":"1"})", "aColor: must be"},
      {R"({"aColor":1.5})", "aColor: must be"},
      {R"({"aNested":[]})", "aNested: must be an object"},
      {R"({"aNested":"x"})", "aNested: must be an object"},
      {R"({"int32s":1})", "int32s: must be a list"},
      {R"({"nesteds":[null]})", "nesteds[0]: must be an object"},
      {R"({"objects":[null]})", "objects[0]: must be an object"},
      {R"({"lists":[null]})", "lists[0]: must be a list"},
      {R"({"labels":[]})", "labels: must be an object"},
      {R"({"labels":{"a":null}})", "labels[\"a\"]: must be a string"},
      {R"({"byInt32":{"x":""}})", "byInt32[\"x\"]: the key must be a whole number"},
      {R"({"byBool":{"1":1}})", "byBool[\"1\"]: the key must be true or false"},
      {R"({"time":"yesterday"})", "time: must be a time like"},
      {R"({"time":"2026-02-29T00:00:00Z"})", "time: must be a time like"},
      {R"({"time":"2026-02-28T24:00:00Z"})", "time: must be a time like"},
      {R"({"time":"2026-02-28T00:00:00"})", "time: must be a time like"},
      {R"({"time":"2026-02-28t00:00:00z"})", "time: must be a time like"},
      {R"({"time":"2026-02-28T00:00:00.Z"})", "time: must be a time like"},
      {R"({"time":"0000-01-01T00:00:00Z"})", "time: must be a time like"},
      {R"({"time":"0001-01-01T00:00:00+00:01"})", "time: must be a time like"},
      {R"({"time":1})", "time: must be a time like"},
      {R"({"duration":"1"})", "duration: must be a number of seconds"},
      {R"({"duration":"315576000001s"})", "duration: must be"},
      {R"({"duration":"1.0000000001s"})", "duration: must be"},
      {R"({"mask":"a_b"})", "mask: must be a string of field names"},
      {R"({"mask":"a,,b"})", "mask: must be"},
      {R"({"mask":"a,"})", "mask: must be"},
      {R"({"object":[]})", "object: must be an object"},
      {R"({"object":{"a":1e999}})", "object[\"a\"]: is too large"},
      {R"({"list":{}})", "list: must be a list"},
      {R"({"null":"x"})", "null: must be"},
      {R"({"any":{"@type":"x"}})", "any: is a google.protobuf.Any"},
      {R"({"wrappedInt32":"x"})", "wrappedInt32: must be a whole number"},
      {R"({"wrappedInt64s":[null]})", "wrappedInt64s[0]: must be a whole number"},
      {R"({"anInt32":1,"anInt32":2})", "anInt32: appears more than once"},
      {R"({"anInt32":1,"an_int32":2})", "anInt32: appears more than once"},
      {R"({"anInt32":null,"anInt32":2})", "anInt32: appears more than once"},
      {R"({"labels":{"a":"","\u0061":""}})", "labels[\"a\"]: appears more than once"},
      {R"({"byInt32":{"1":"","1.0":""}})", "byInt32[\"1.0\"]: appears more than once"},
      {R"({"object":{"a":1,"a":2}})", "object[\"a\"]: appears more than once"},
      {R"({"chosenInt64":1,"chosenString":"s"})",
       "chosenString: cannot be set together with chosenInt64"},
      {R"({"chosenNull":null,"chosenInt64":1})",
       "chosenInt64: cannot be set together with chosenNull"},
      {R"([])", "body: must be an object"},
      {R"(null)", "body: must be an object"},
      {R"("x")", "body: must be an object"},
  };
  for (const auto& [json, start] : cases) {
    EXPECT_THAT(Read(json), ElementsAre(StartsWith(start))) << json;
  }
}

TEST_F(ViolationsTest, AreBounded) {
  std::string json = "{\"a\":1";
  for (int i = 0; i < 10'000; ++i) absl::StrAppend(&json, ",\"a", i, "\":1");
  EXPECT_THAT(Read(json + "}"), SizeIs(100));
  const auto one = Read(absl::StrCat("{\"", std::string(100'000, 'x'), "\":1}"));
  ASSERT_THAT(one, SizeIs(1));
  EXPECT_THAT(one[0], ::testing::AllOf(HasSubstr("is not a field"), SizeIs(::testing::Lt(200u))));
}

}  // namespace
}  // namespace veche::gateway::json
