#include "services/notifications/sending/post_readers.h"

#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/notifications/contacts/contact_text.h"
#include "services/notifications/streams/convert.h"

namespace veche::notifications {
namespace {

// The subscriptions of the jobs' subscribers.
absl::StatusOr<absl::flat_hash_map<std::string, Subscription>> SubscriptionsOf(
    SubscriptionStore& store, sql::Transaction& transaction, absl::Span<const Job> jobs) {
  std::vector<std::string> subscribers;
  for (const Job& job : jobs) subscribers.push_back(job.first().subscriber);
  ASSIGN_OR_RETURN(std::vector<Subscription> found,
                   store.ListBySubscribers(transaction, subscribers));
  absl::flat_hash_map<std::string, Subscription> subscriptions;
  for (Subscription& one : found) subscriptions.emplace(one.subscriber, std::move(one));
  return subscriptions;
}

}  // namespace

absl::StatusOr<std::vector<Reader>> PostReaders::Find(
    sql::Transaction& transaction, absl::Span<const Job> jobs,
    const std::map<int64_t, PublishedAlert>& posts, const UnsubscribeTokens& tokens) const {
  ASSIGN_OR_RETURN(const auto subscriptions,
                   SubscriptionsOf(parts_.subscriptions, transaction, jobs));
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, parts_.alerts.ListTopics(transaction));
  std::vector<std::string> residents;
  for (const Job& job : jobs) {
    if (job.first().channel == Channel::kContact) residents.push_back(job.first().subscriber);
  }
  ASSIGN_OR_RETURN(const auto ended, parts_.contacts.OptOuts(transaction, residents));

  std::vector<Reader> readers;
  for (const Job& job : jobs) {
    Reader& reader = readers.emplace_back(Reader{.language = parts_.language});
    const std::string& subscriber = job.first().subscriber;
    AlertContext context{.topics = &topics, .districts = parts_.districts()};
    if (const auto known = subscriptions.find(subscriber); known != subscriptions.end()) {
      reader.language = known->second.language;
      context.interest = InterestOf(known->second);
    }
    const auto post = posts.find(job.first().post.value_or(0));
    if (post == posts.end()) continue;
    const std::string& topic = post->second.post.topic;
    reader.reason =
        parts_.texts.Get(WhyOf(post->second.post, context, reader.language), reader.language);
    if (job.first().channel == Channel::kContact) {
      reader.ended = ended.contains({subscriber, ""}) || ended.contains({subscriber, topic});
      reader.mute_link = UnsubscribeUrl(parts_.public_url, tokens.Make({subscriber, topic}));
    } else {
      reader.mute_link = absl::StrCat(parts_.public_url, "/v1/", topic, ":mute");
    }
  }
  return readers;
}

}  // namespace veche::notifications
