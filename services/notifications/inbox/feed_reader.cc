#include "services/notifications/inbox/feed_reader.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "common/base/status_macros.h"

namespace veche::notifications {
namespace {

// Posts are looked at in pieces of this size at least, because some of them are not shown.
constexpr int kLeastPiece = 16;

bool IsRead(const PostState& state, const Subscription& subscription) {
  return state.read || state.over || state.seq <= subscription.read_through;
}

}  // namespace

int64_t SeqOf(const FeedItem& item) {
  if (const auto* notice = std::get_if<Notice>(&item)) return notice->seq;
  if (const auto* line = std::get_if<AlertLine>(&item)) return line->alert.post.seq;
  return std::get<Marking>(item).seq;
}

absl::StatusOr<std::vector<PostState>> FeedReader::ListCurrent(sql::Transaction& transaction,
                                                               const Subscription& subscription,
                                                               int64_t before, bool unread,
                                                               int limit, absl::Time now) {
  std::vector<PostState> shown;
  if ((subscription.channels & kInApp) == 0) return shown;
  const Interest interest = InterestOf(subscription);
  PostQuery query{.above = unread ? subscription.read_through : 0,
                  .below = before,
                  .limit = std::max(limit, kLeastPiece)};
  for (size_t looked = 0; !unread || looked < kMostLooked;) {
    ASSIGN_OR_RETURN(const std::vector<int64_t> seqs,
                     feed_.ListPosts(transaction, interest, query));
    ASSIGN_OR_RETURN(const std::vector<PostState> states,
                     feed_.GetStates(transaction, subscription.subscriber, seqs, now));
    for (const PostState& state : states) {
      if (shown.size() == static_cast<size_t>(limit)) return shown;
      if (!state.current || (unread && IsRead(state, subscription))) continue;
      shown.push_back(state);
      shown.back().read = IsRead(state, subscription);
    }
    if (seqs.size() < static_cast<size_t>(query.limit)) return shown;
    query.below = seqs.back();
    looked += seqs.size();
  }
  return shown;
}

absl::StatusOr<std::vector<FeedItem>> FeedReader::List(sql::Transaction& transaction,
                                                       const Subscription& subscription,
                                                       int64_t before, bool unread, int limit,
                                                       absl::Time now) {
  ASSIGN_OR_RETURN(std::vector<Notice> notices,
                   notices_.List(transaction, subscription.subscriber, before, unread, limit));
  ASSIGN_OR_RETURN(const std::vector<PostState> states,
                   ListCurrent(transaction, subscription, before, unread, limit, now));
  // Which of the two lists has the next line, before the texts of alerts are read.
  std::vector<FeedItem> items;
  std::vector<int64_t> seqs;
  auto notice = notices.begin();
  auto state = states.begin();
  while (items.size() < static_cast<size_t>(limit)) {
    const bool more_notices = notice != notices.end(), more_alerts = state != states.end();
    if (!more_notices && !more_alerts) break;
    if (!more_alerts || (more_notices && notice->seq > state->seq)) {
      items.emplace_back(std::move(*notice++));
    } else {
      seqs.push_back(state->seq);
      AlertLine line{.read = state->read};
      line.alert.post.seq = state++->seq;
      items.emplace_back(std::move(line));
    }
  }
  ASSIGN_OR_RETURN(std::vector<PublishedAlert> alerts, alerts_.GetPosts(transaction, seqs));
  for (FeedItem& item : items) {
    auto* line = std::get_if<AlertLine>(&item);
    if (line == nullptr) continue;
    for (PublishedAlert& alert : alerts) {
      if (alert.post.seq == line->alert.post.seq) line->alert = std::move(alert);
    }
  }
  return items;
}

absl::StatusOr<std::vector<FeedItem>> FeedReader::ListMissed(sql::Transaction& transaction,
                                                             const Subscription& subscription,
                                                             int64_t after, int64_t last,
                                                             int limit) {
  std::vector<FeedItem> items;
  if (after >= last) return items;
  ASSIGN_OR_RETURN(std::vector<Notice> notices,
                   notices_.ListAfter(transaction, subscription.subscriber, after, last, limit));
  ASSIGN_OR_RETURN(std::vector<Marking> markings,
                   feed_.ListMarkings(transaction, subscription.subscriber, after, last, limit));
  std::vector<int64_t> seqs;
  if ((subscription.channels & kInApp) != 0) {
    ASSIGN_OR_RETURN(
        seqs, feed_.ListPosts(
                  transaction, InterestOf(subscription),
                  {.above = after, .below = last + 1, .newest_first = false, .limit = limit}));
  }
  ASSIGN_OR_RETURN(std::vector<PublishedAlert> alerts, alerts_.GetPosts(transaction, seqs));
  std::move(notices.begin(), notices.end(), std::back_inserter(items));
  std::move(markings.begin(), markings.end(), std::back_inserter(items));
  for (PublishedAlert& alert : alerts) items.emplace_back(AlertLine{.alert = std::move(alert)});
  std::sort(items.begin(), items.end(),
            [](const FeedItem& a, const FeedItem& b) { return SeqOf(a) < SeqOf(b); });
  if (items.size() > static_cast<size_t>(limit)) {
    items.erase(items.begin() + limit, items.end());
  }
  return items;
}

absl::StatusOr<int64_t> FeedReader::CountUnread(sql::Transaction& transaction,
                                                const Subscription& subscription, absl::Time now) {
  ASSIGN_OR_RETURN(const int64_t notices,
                   notices_.CountUnread(transaction, subscription.subscriber, kMostNotices));
  ASSIGN_OR_RETURN(const std::vector<PostState> alerts,
                   ListCurrent(transaction, subscription, std::numeric_limits<int64_t>::max(),
                               /*unread=*/true, kMostAlerts, now));
  return notices + static_cast<int64_t>(alerts.size());
}

}  // namespace veche::notifications
