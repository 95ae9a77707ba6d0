#include "services/notifications/sending/post_readers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "services/notifications/contacts/contact_text.h"
#include "services/notifications/testing/fixture.h"
#include "services/notifications/testing/published_alerts.h"

namespace veche::notifications {
namespace {

using ::testing::HasSubstr;
using testing::Notifications;
using ::testing::StartsWith;

constexpr int64_t kPost = 7;  // about weather in districts/a

class PostReadersTest : public ::testing::Test {
 protected:
  Job JobFor(const std::string& subscriber, Channel channel) {
    Job job;
    Delivery delivery;
    delivery.id = subscriber;
    delivery.subscriber = subscriber;
    delivery.channel = channel;
    delivery.post = kPost;
    job.deliveries.push_back(delivery);
    return job;
  }
  std::vector<Reader> Find(const std::vector<Job>& jobs) {
    std::map<int64_t, PublishedAlert> posts;
    posts[kPost] = testing::MakePublished(kPost);
    const PostReaders readers({n_.subscriptions, n_.alerts, n_.contact_store, n_.district_map,
                               n_.texts, "https://city.example", "uk"});
    std::vector<Reader> found;
    EXPECT_OK(n_.database->Read([&](sql::Transaction& transaction) -> absl::Status {
      ASSIGN_OR_RETURN(found, readers.Find(transaction, jobs, posts, n_.tokens));
      return absl::OkStatus();
    }));
    return found;
  }

  Notifications n_;
};

TEST_F(PostReadersTest, EachReadsInTheLanguageOfTheSubscriptionWhyItCame) {
  n_.Subscribe({.subscriber = "residents/en", .districts = {"districts/a"}, .language = "en"});
  n_.Subscribe({.subscriber = "devices/ru", .districts = {"districts/b"}, .language = "ru"});
  const std::vector<Reader> readers =
      Find({JobFor("residents/en", Channel::kWebPush), JobFor("devices/ru", Channel::kWebPush),
            JobFor("residents/none", Channel::kWebPush)});
  ASSERT_EQ(readers.size(), 3);
  EXPECT_EQ(readers[0].language, "en");
  EXPECT_THAT(readers[0].reason, HasSubstr("Anna"));
  EXPECT_EQ(readers[1].language, "ru");
  EXPECT_THAT(readers[1].reason, HasSubstr("Погода"));
  EXPECT_EQ(readers[2].language, "uk") << "the city's, for whom no subscription tells another";
  for (const Reader& reader : readers) {
    EXPECT_EQ(reader.mute_link, "https://city.example/v1/topics/weather:mute");
    EXPECT_FALSE(reader.ended);
  }
}

TEST_F(PostReadersTest, AnEmailHasALinkThatEndsItsTopic) {
  n_.Subscribe({.subscriber = "residents/a", .language = "ru"});
  const std::vector<Job> jobs = {JobFor("residents/a", Channel::kContact)};
  std::vector<Reader> readers = Find(jobs);
  const std::string begin = UnsubscribeUrl("https://city.example", "");
  ASSERT_THAT(readers[0].mute_link, StartsWith(begin));
  EXPECT_FALSE(readers[0].ended);
  const std::string token = readers[0].mute_link.substr(begin.size());
  EXPECT_THAT(n_.tokens.Read(token),
              ::testing::Optional(Unsubscription{"residents/a", "topics/weather"}));

  v1::UnsubscribeRequest end;
  end.set_token(token);
  ASSERT_OK(n_.contact_calls.Unsubscribe(rpc::testing::MakeCall(), end));
  EXPECT_TRUE(Find(jobs)[0].ended);
  EXPECT_FALSE(Find({JobFor("residents/b", Channel::kContact)})[0].ended);
  EXPECT_FALSE(Find({JobFor("residents/a", Channel::kWebPush)})[0].ended) << "e-mails alone";
}

TEST_F(PostReadersTest, WhoEndedAllMessagesGetsNone) {
  v1::UnsubscribeRequest end;
  end.set_token(n_.tokens.Make({"residents/a", "appeals/1"}));
  ASSERT_OK(n_.contact_calls.Unsubscribe(rpc::testing::MakeCall(), end));
  const std::vector<Job> jobs = {JobFor("residents/a", Channel::kContact)};
  EXPECT_FALSE(Find(jobs)[0].ended) << "an appeal is another subject";
  end.set_all(true);
  ASSERT_OK(n_.contact_calls.Unsubscribe(rpc::testing::MakeCall(), end));
  EXPECT_TRUE(Find(jobs)[0].ended);
}

}  // namespace
}  // namespace veche::notifications
