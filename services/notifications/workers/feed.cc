#include "services/notifications/workers/feed.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <variant>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/notifications/streams/convert.h"

namespace veche::notifications {
namespace {

constexpr int kLivePage = 1000;     // numbers
constexpr int kChangesPage = 1000;  // subscriptions
// What was missed is sent in pieces of half a stream's queue (common/rpc), so that a client that
// was away for long is not taken for one that is too slow.
constexpr int kMissedPiece = 32;
constexpr absl::Duration kBetweenPieces = absl::Milliseconds(50);

void SetInterest(NoticeStream& stream, const Subscription& subscription) {
  stream.alerts = (subscription.channels & kInApp) != 0;
  stream.interest = InterestOf(subscription);
}

}  // namespace

Feed::Feed(FeedOptions options, Parts parts)
    : options_(std::move(options)),
      parts_(std::move(parts)),
      reader_(parts_.notices, parts_.alerts, parts_.feed),
      worker_(observe::LoggedWorker("notices-feed", parts_.telemetry), [this] { return Step(); }) {
  parts_.hub.SetListener([this] { worker_.Wake(); });
}

Feed::~Feed() {
  Stop();
  parts_.hub.SetListener(nullptr);
}

void Feed::Stop() {
  worker_.Stop();
  parts_.hub.Stop();
}

absl::Duration Feed::Step() {
  if (parts_.hub.empty()) {
    position_.reset();
    return absl::InfiniteDuration();
  }
  const absl::StatusOr<bool> behind = FeedAll();
  if (!behind.ok()) {
    parts_.telemetry.logger->Error("streams not fed", {{"error", behind.status().ToString()}});
  }
  return behind.ok() && *behind ? kBetweenPieces : options_.poll;
}

absl::StatusOr<bool> Feed::FeedAll() {
  if (position_) {
    RETURN_IF_ERROR(FeedLive());
  } else {
    RETURN_IF_ERROR(Begin());
  }
  return FeedBehind();
}

absl::Status Feed::Begin() {
  return parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(version_, parts_.subscriptions.NewestVersion(transaction));
    ASSIGN_OR_RETURN(topics_, parts_.alerts.ListTopics(transaction));
    ASSIGN_OR_RETURN(position_, parts_.notices.Newest(transaction));
    return absl::OkStatus();
  });
}

absl::Status Feed::FeedLive() {
  for (;;) {
    const int64_t before = *position_;
    ASSIGN_OR_RETURN(const News news, ReadNews());
    for (const Subscription& subscription : news.changed) Refresh(subscription);
    for (const FeedItem& item : news.items) Publish(item);
    if (*position_ - before < kLivePage && news.changed.size() < kChangesPage) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<Feed::News> Feed::ReadNews() {
  News news;
  int64_t last = 0;
  std::vector<Topic> topics;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(news.changed,
                     parts_.subscriptions.ListChanged(transaction, version_, kChangesPage));
    ASSIGN_OR_RETURN(last, parts_.notices.Newest(transaction));
    last = std::min(last, *position_ + kLivePage);
    news.items.clear();
    if (last <= *position_) return absl::OkStatus();
    ASSIGN_OR_RETURN(std::vector<Notice> notices,
                     parts_.notices.ListAllAfter(transaction, *position_, last));
    ASSIGN_OR_RETURN(
        std::vector<Marking> markings,
        parts_.feed.ListMarkings(transaction, /*resident=*/"", *position_, last, kLivePage));
    ASSIGN_OR_RETURN(const std::vector<AlertPost> posts,
                     parts_.alerts.ListPostsAfter(transaction, *position_, kLivePage));
    std::vector<int64_t> seqs;
    for (const AlertPost& post : posts) {
      if (post.seq <= last) seqs.push_back(post.seq);
    }
    ASSIGN_OR_RETURN(std::vector<PublishedAlert> alerts, parts_.alerts.GetPosts(transaction, seqs));
    if (!alerts.empty()) {
      ASSIGN_OR_RETURN(topics, parts_.alerts.ListTopics(transaction));
    }
    std::move(notices.begin(), notices.end(), std::back_inserter(news.items));
    std::move(markings.begin(), markings.end(), std::back_inserter(news.items));
    for (PublishedAlert& alert : alerts) {
      news.items.emplace_back(AlertLine{.alert = std::move(alert)});
    }
    return absl::OkStatus();
  }));
  std::sort(news.items.begin(), news.items.end(),
            [](const FeedItem& a, const FeedItem& b) { return SeqOf(a) < SeqOf(b); });
  if (!topics.empty()) topics_ = std::move(topics);
  position_ = std::max(*position_, last);
  if (!news.changed.empty()) version_ = news.changed.back().version;
  return news;
}

void Feed::Refresh(const Subscription& subscription) {
  for (const std::shared_ptr<NoticeStream>& stream : parts_.hub.Of(subscription.subscriber)) {
    SetInterest(*stream, subscription);
  }
}

void Feed::Publish(const FeedItem& item) {
  if (const auto* line = std::get_if<AlertLine>(&item)) return PublishAlert(*line);
  const auto* notice = std::get_if<Notice>(&item);
  const std::string& resident =
      notice != nullptr ? notice->recipient : std::get<Marking>(item).resident;
  parts_.hub.Publish(resident, [&](NoticeStream& stream) {
    return stream.behind || stream.after >= SeqOf(item) || Send(stream, item);
  });
}

void Feed::PublishAlert(const AlertLine& line) {
  const AlertPost& post = line.alert.post;
  const auto wants = [&](const NoticeStream& stream) {
    return !stream.behind && stream.alerts && stream.after < post.seq &&
           Concerns(stream.interest, post.topic, post.districts);
  };
  // A stream that has ended leaves the hub by itself.
  const FeedItem item = line;
  for (const std::shared_ptr<NoticeStream>& stream : parts_.hub.Select(wants)) {
    Send(*stream, item);
  }
}

absl::StatusOr<bool> Feed::FeedBehind() {
  bool any = false;
  for (const std::shared_ptr<NoticeStream>& stream :
       parts_.hub.Select([](const NoticeStream& stream) { return stream.behind; })) {
    RETURN_IF_ERROR(CatchUp(*stream));
    any = any || stream->behind;
  }
  return any;
}

absl::Status Feed::CatchUp(NoticeStream& stream) {
  std::vector<FeedItem> missed;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<Subscription> stored,
                     parts_.subscriptions.Get(transaction, stream.recipient));
    const Subscription subscription = stored.value_or(Subscription{.subscriber = stream.recipient});
    SetInterest(stream, subscription);
    ASSIGN_OR_RETURN(missed, reader_.ListMissed(transaction, subscription, stream.after, *position_,
                                                kMissedPiece));
    return absl::OkStatus();
  }));
  bool open = true;
  for (const FeedItem& item : missed) open = open && Send(stream, item);
  stream.behind = open && missed.size() == kMissedPiece;
  return absl::OkStatus();
}

bool Feed::Send(NoticeStream& stream, const FeedItem& item) {
  stream.after = SeqOf(item);
  const AlertContext context{
      .interest = stream.interest, .topics = &topics_, .districts = parts_.districts()};
  return stream.writer->Write(ToWatchResponse(item, context, parts_.texts, stream.language));
}

}  // namespace veche::notifications
