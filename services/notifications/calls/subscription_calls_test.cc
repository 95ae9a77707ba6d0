#include "services/notifications/calls/subscription_calls.h"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "services/notifications/testing/fixture.h"

namespace veche::notifications {
namespace {

using rpc::testing::MakeCall;
using rpc::testing::Resident;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Notifications;
using veche::testing::HasReason;
using veche::testing::StatusIs;

absl::StatusOr<v1::Subscription> Put(Notifications& n, const std::string& json) {
  v1::ReplaceSubscriptionRequest request;
  EXPECT_TRUE(
      google::protobuf::util::JsonStringToMessage(json, request.mutable_subscription()).ok());
  return n.subscription_calls.ReplaceSubscription(MakeCall(Resident("a")), request);
}
absl::StatusOr<v1::Subscription> GetOwn(Notifications& n) {
  return n.subscription_calls.GetSubscription(MakeCall(Resident("a")), {});
}

TEST(SubscriptionCallsTest, WhoChoseNothingHasTheFeedInTheApp) {
  Notifications n;
  const auto own = GetOwn(n);
  ASSERT_OK(own);
  EXPECT_THAT(own->topics(), IsEmpty());
  EXPECT_THAT(own->districts(), IsEmpty());
  EXPECT_THAT(own->channels(), ElementsAre(v1::Subscription::IN_APP));
  EXPECT_FALSE(own->has_quiet_hours());
  EXPECT_TRUE(own->contact_messages());
}

TEST(SubscriptionCallsTest, ReplacesAll) {
  Notifications n;
  ASSERT_OK(Put(n, R"({"topics": ["topics/weather", "topics/weather"],
                       "districts": ["districts/a", "districts/b"],
                       "channels": ["WEB_PUSH", "EMAIL"], "mutedTopics": ["topics/events"],
                       "quietHours": {"start": "22:00", "end": "07:00", "digestTime": "08:15"},
                       "contactMessages": false})"));
  auto own = GetOwn(n);
  EXPECT_THAT(own->topics(), ElementsAre("topics/weather"));
  EXPECT_THAT(own->districts(), ElementsAre("districts/a", "districts/b"));
  EXPECT_THAT(own->channels(), ElementsAre(v1::Subscription::WEB_PUSH, v1::Subscription::EMAIL));
  EXPECT_THAT(own->muted_topics(), ElementsAre("topics/events"));
  EXPECT_EQ(own->quiet_hours().start(), "22:00");
  EXPECT_EQ(own->quiet_hours().time_zone(), "Europe/Moscow");
  EXPECT_EQ(own->quiet_hours().digest_time(), "08:15");
  EXPECT_FALSE(own->contact_messages());
  ASSERT_OK(Put(n, "{}"));
  own = GetOwn(n);
  EXPECT_THAT(own->topics(), IsEmpty());
  EXPECT_THAT(own->channels(), ElementsAre(v1::Subscription::IN_APP));
  EXPECT_FALSE(own->has_quiet_hours());
}

struct WrongInput {
  const char* json;
  const char* violation;
};
const WrongInput kWrong[] = {
    {R"({"topics": ["topics/weather", "topics/none"]})", "topics[1] TOPIC_UNKNOWN"},
    {R"({"mutedTopics": ["weather"]})", "mutedTopics[0] TOPIC_UNKNOWN"},
    {R"({"districts": ["districts/none"]})", "districts[0] DISTRICT_UNKNOWN"},
    {R"({"channels": ["CHANNEL_UNSPECIFIED"]})", "channels[0] UNKNOWN_VALUE"},
    {R"({"quietHours": {"start": "25:00", "end": "07:00"}})", "quietHours.start TIME_OF_DAY"},
    {R"({"quietHours": {"start": "22:00", "end": "7"}})", "quietHours.end TIME_OF_DAY"},
    {R"({"quietHours": {"start": "22:00", "end": "22:00"}})", "quietHours.end QUIET_HOURS_EMPTY"},
    {R"({"quietHours": {"start": "22:00", "end": "07:00", "digestTime": "x"}})",
     "quietHours.digestTime TIME_OF_DAY"},
    {R"({"quietHours": {"start": "22:00", "end": "07:00", "timeZone": "Kazan"}})",
     "quietHours.timeZone TIME_ZONE_UNKNOWN"},
};

TEST(SubscriptionCallsTest, SaysWhatIsWrong) {
  Notifications n;
  for (const WrongInput& wrong : kWrong) {
    const auto answer = Put(n, wrong.json);
    EXPECT_THAT(answer, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(answer.status().message(), ::testing::HasSubstr(wrong.violation)) << wrong.json;
  }
  std::string many;
  for (int i = 0; i < 101; ++i) absl::StrAppend(&many, i == 0 ? "" : ",", "\"topics/weather\"");
  EXPECT_THAT(Put(n, absl::StrCat("{\"topics\": [", many, "]}")).status().message(),
              ::testing::HasSubstr("topics TOO_MANY"));
}

TEST(SubscriptionCallsTest, MutesATopicAndTakesItBack) {
  Notifications n;
  v1::MuteTopicRequest mute;
  mute.set_name("topics/weather");
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(n.subscription_calls.MuteTopic(MakeCall(Resident("a")), mute)->muted_topics(),
                ElementsAre("topics/weather"));
  }
  v1::UnmuteTopicRequest unmute;
  unmute.set_name("topics/weather");
  EXPECT_THAT(n.subscription_calls.UnmuteTopic(MakeCall(Resident("a")), unmute)->muted_topics(),
              IsEmpty());
  mute.set_name("topics/none");
  EXPECT_THAT(n.subscription_calls.MuteTopic(MakeCall(Resident("a")), mute),
              HasReason("TOPIC_NOT_FOUND"));
}

// Whether the link of an e-mail about the topic still holds.
bool Ended(Notifications& n, const std::string& topic) {
  bool ended = false;
  EXPECT_OK(n.database->Read([&](sql::Transaction& transaction) -> absl::Status {
    const std::string residents[] = {"residents/a"};
    ASSIGN_OR_RETURN(const auto found, n.contact_store.OptOuts(transaction, residents));
    ended = found.contains({"residents/a", topic});
    return absl::OkStatus();
  }));
  return ended;
}

TEST(SubscriptionCallsTest, WhatALinkEndedComesBackWhenItIsAskedFor) {
  Notifications n;
  ASSERT_OK(Put(n, R"({"channels": ["EMAIL"]})"));
  v1::UnsubscribeRequest end;
  for (const char* topic : {"topics/weather", "topics/health"}) {
    end.set_token(n.tokens.Make({"residents/a", topic}));
    ASSERT_OK(n.contact_calls.Unsubscribe(MakeCall(), end));
  }
  ASSERT_OK(Put(n, R"({"channels": ["EMAIL"], "topics": ["topics/weather"]})"));
  EXPECT_TRUE(Ended(n, "topics/weather")) << "e-mail was on before";
  v1::UnmuteTopicRequest unmute;
  unmute.set_name("topics/weather");
  ASSERT_OK(n.subscription_calls.UnmuteTopic(MakeCall(Resident("a")), unmute));
  EXPECT_FALSE(Ended(n, "topics/weather"));
  EXPECT_TRUE(Ended(n, "topics/health"));
  ASSERT_OK(Put(n, R"({"channels": ["IN_APP"]})"));
  EXPECT_TRUE(Ended(n, "topics/health"));
  ASSERT_OK(Put(n, R"({"channels": ["IN_APP", "EMAIL"]})"));
  EXPECT_FALSE(Ended(n, "topics/health")) << "e-mail was turned on anew";
}

}  // namespace
}  // namespace veche::notifications
