// Fields whose absence means something, in the API's own messages: absent, null and zero differ
// where they must, in both directions.

#include <gtest/gtest.h>

#include <string>

#include "common/testing/status_matchers.h"
#include "services/gateway/json/json.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::gateway::json {
namespace {

template <typename Message>
Message Read(absl::string_view json) {
  Tables tables;
  std::string wire;
  EXPECT_OK(ReadJson(tables.Get(Message::descriptor()), json, &wire));
  Message message;
  EXPECT_TRUE(message.ParseFromString(wire));
  return message;
}

std::string Write(const google::protobuf::Message& message) {
  Tables tables;
  std::string json;
  EXPECT_OK(WriteJson(tables.Get(message.GetDescriptor()), message.SerializeAsString(), &json));
  return json;
}

TEST(PresenceTest, ACoordinateIsThereOnlyWhenItIsGiven) {
  using appeals::v1::Location;
  EXPECT_TRUE(Read<Location>(R"({"latitude":0,"longitude":0})").has_latitude());
  EXPECT_TRUE(Read<Location>(R"({"latitude":0,"longitude":0})").has_longitude());
  for (const char* json :
       {R"({})", R"({"latitude":null,"longitude":null})", R"({"address":"x"})"}) {
    EXPECT_FALSE(Read<Location>(json).has_latitude()) << json;
    EXPECT_FALSE(Read<Location>(json).has_longitude()) << json;
  }
  const Location half = Read<Location>(R"({"latitude":55.7})");
  EXPECT_TRUE(half.has_latitude());
  EXPECT_FALSE(half.has_longitude());

  std::string wire;
  Tables tables;
  Violations violations;
  EXPECT_TRUE(
      AppendScalar(tables.Get(Location::descriptor()), "latitude", "0", &violations, &wire));
  Location from_url;
  ASSERT_TRUE(from_url.ParseFromString(wire));
  EXPECT_TRUE(from_url.has_latitude());
}

TEST(PresenceTest, AbsentIsNotWritten) {
  appeals::v1::Location location;
  location.set_address("ул. Баумана, 12");
  EXPECT_EQ(Write(location), R"({"address":"ул. Баумана, 12"})");
  location.set_latitude(0);
  location.set_longitude(0);
  EXPECT_EQ(Write(location), R"({"latitude":0,"longitude":0,"address":"ул. Баумана, 12"})");

  appeals::v1::Appeal appeal;
  for (const char* absent : {"rating", "answer", "mergedInto", "followToken", "advice",
                             "priorityScore", "similarCount", "flagged"}) {
    EXPECT_EQ(Write(appeal).find(absent), std::string::npos) << absent;
  }
  appeal.set_rating(5);
  appeal.set_flagged(false);
  EXPECT_NE(Write(appeal).find(R"("rating":5)"), std::string::npos);
  EXPECT_NE(Write(appeal).find(R"("flagged":false)"), std::string::npos);
}

TEST(PresenceTest, AScoreOfZeroIsAScore) {
  using appeals::v1::RateAppealRequest;
  EXPECT_TRUE(Read<RateAppealRequest>(R"({"score":0})").has_score());
  EXPECT_FALSE(Read<RateAppealRequest>(R"({"score":null})").has_score());
}

}  // namespace
}  // namespace veche::gateway::json
