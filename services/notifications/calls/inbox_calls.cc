#include "services/notifications/calls/inbox_calls.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/page.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "services/notifications/streams/convert.h"

namespace veche::notifications {
namespace {

constexpr int kMostNames = 200;

std::vector<int64_t> SeqsOf(const v1::MarkReadRequest& request, Violations& violations) {
  std::vector<int64_t> seqs;
  for (int i = 0; i < request.names_size(); ++i) {
    absl::string_view id = request.names(i);
    const std::optional<int64_t> seq =
        absl::ConsumePrefix(&id, "notifications/") ? FromId(id) : std::nullopt;
    if (seq) {
      seqs.push_back(*seq);
    } else {
      violations.Add(absl::StrCat("names[", i, "]"),
                     {"NAME_FORM", {{"form", "notifications/{id}"}}});
    }
  }
  return seqs;
}

}  // namespace

absl::StatusOr<v1::ListNotificationsResponse> InboxCalls::ListNotifications(
    const rpc::Call& call, const v1::ListNotificationsRequest& request, Violations violations) {
  const std::string& recipient = call.principal().name;
  const api::Page page(request, recipient, violations);
  const auto place = page.Numbers(1, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  const int64_t before = place ? (*place)[0] : std::numeric_limits<int64_t>::max();
  ASSIGN_OR_RETURN(const Subscription subscription,
                   parts_.subscribers.Of(recipient, call.language()));
  std::vector<FeedItem> items;
  std::vector<Topic> topics;
  int64_t unread = 0;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    // One row more than the page tells whether another page follows.
    ASSIGN_OR_RETURN(items, reader_.List(transaction, subscription, before, request.unread(),
                                         page.size() + 1, parts_.clock.Now()));
    ASSIGN_OR_RETURN(unread, reader_.CountUnread(transaction, subscription, parts_.clock.Now()));
    ASSIGN_OR_RETURN(topics, parts_.alerts.ListTopics(transaction));
    return absl::OkStatus();
  }));
  v1::ListNotificationsResponse response;
  if (items.size() > static_cast<size_t>(page.size())) {
    items.pop_back();
    response.set_next_page_token(page.TokenAfter({SeqOf(items.back())}));
  }
  const AlertContext context{
      .interest = InterestOf(subscription), .topics = &topics, .districts = parts_.districts()};
  for (const FeedItem& item : items) {
    *response.add_notifications() = ToWire(item, context, parts_.texts, call.language());
  }
  response.set_unread_count(static_cast<int32_t>(unread));
  return response;
}

absl::StatusOr<v1::MarkReadResponse> InboxCalls::MarkRead(const rpc::Call& call,
                                                          const v1::MarkReadRequest& request,
                                                          Violations violations) {
  if (request.all() == (request.names_size() > 0)) {
    violations.Add("names", "NAMES_OR_ALL");
  }
  if (request.names_size() > kMostNames) {
    violations.Add("names", {"TOO_MANY", {{"most", absl::StrCat(kMostNames)}}});
  }
  const std::vector<int64_t> seqs = SeqsOf(request, violations);
  RETURN_IF_ERROR(violations.ToStatus());

  v1::MarkReadResponse response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const int64_t unread, Mark(transaction, call, seqs));
    response.set_unread_count(static_cast<int32_t>(unread));
    transaction.OnCommit(parts_.on_marking);
    return call.Remember(transaction, response);
  }));
  return response;
}

absl::StatusOr<int64_t> InboxCalls::Mark(sql::Transaction& transaction, const rpc::Call& call,
                                         const std::vector<int64_t>& seqs) {
  const std::string& recipient = call.principal().name;
  const absl::Time now = parts_.clock.Now();
  RETURN_IF_ERROR(parts_.subscriptions.AddDefault(transaction, recipient, call.language(), now));
  if (seqs.empty()) {
    RETURN_IF_ERROR(parts_.notices.MarkAllRead(transaction, recipient));
    RETURN_IF_ERROR(parts_.feed.MarkAllRead(transaction, recipient));
  } else {
    RETURN_IF_ERROR(parts_.notices.MarkRead(transaction, recipient, seqs));
    RETURN_IF_ERROR(parts_.feed.MarkRead(transaction, recipient, seqs));
  }
  ASSIGN_OR_RETURN(const std::optional<Subscription> subscription,
                   parts_.subscriptions.Get(transaction, recipient));
  ASSIGN_OR_RETURN(const int64_t unread, reader_.CountUnread(transaction, *subscription, now));
  RETURN_IF_ERROR(parts_.feed.AddMarking(
      transaction, {.resident = recipient, .seqs = seqs, .unread = unread, .create_time = now}));
  return unread;
}

absl::Status InboxCalls::WatchNotifications(
    const rpc::Call& call, const v1::WatchNotificationsRequest& request,
    std::shared_ptr<rpc::StreamWriter<v1::WatchNotificationsResponse>> writer) {
  std::optional<int64_t> after;
  if (!request.last_event_id().empty()) {
    after = FromId(request.last_event_id());
    Violations violations;
    if (!after) violations.Add("lastEventId", "EVENT_ID");
    RETURN_IF_ERROR(violations.ToStatus());
  }
  // Stores the home district, by which the stream gets alerts.
  RETURN_IF_ERROR(parts_.subscribers.Of(call.principal().name, call.language()).status());
  int64_t newest = 0;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(newest, parts_.notices.Newest(transaction));
    return absl::OkStatus();
  }));
  // Without an id the stream begins now. An id above the newest is one of a database that was since
  // restored from a backup.
  const std::string& recipient = call.principal().name;
  auto stream = std::make_shared<NoticeStream>();
  stream->writer = std::move(writer);
  stream->recipient = recipient;
  stream->language = call.language();
  stream->after = std::min(after.value_or(newest), newest);
  return parts_.hub.Subscribe(recipient, std::move(stream));
}

}  // namespace veche::notifications
