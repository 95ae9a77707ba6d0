#include "services/notifications/calls/feed_calls.h"

#include <optional>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/notifications/calls/alert_input.h"
#include "services/notifications/domain/alert_errors.h"
#include "services/notifications/feeds/atom.h"
#include "services/notifications/feeds/cap.h"

namespace veche::notifications {
namespace {

constexpr int kMostEntries = 100;

google::api::HttpBody Document(absl::string_view type, std::string data) {
  google::api::HttpBody body;
  body.set_content_type(std::string(type));
  body.set_data(std::move(data));
  return body;
}

// The path with the filters that are set.
std::string PathOf(absl::string_view path, const FeedName& name) {
  std::string whole(path);
  char separator = '?';
  for (const auto& [key, value] : {std::pair("topic", name.topic), {"district", name.district}}) {
    if (value.empty()) continue;
    absl::StrAppend(&whole, std::string(1, separator), key, "=", value);
    separator = '&';
  }
  return whole;
}

}  // namespace

absl::StatusOr<FeedContext> FeedCalls::Context() {
  FeedContext context = parts_.city;
  context.districts = parts_.districts();
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(context.topics, parts_.store.ListTopics(transaction));
    return absl::OkStatus();
  }));
  return context;
}

absl::StatusOr<google::api::HttpBody> FeedCalls::GetCapDocument(
    const rpc::Call&, const v1::GetCapDocumentRequest& request) {
  ASSIGN_OR_RETURN(const FeedContext context, Context());
  const std::optional<int64_t> revision =
      request.has_revision() ? std::optional(request.revision()) : std::nullopt;
  std::optional<PublishedAlert> alert;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(alert,
                     parts_.store.GetPublished(transaction, AlertId(request.name()), revision));
    return absl::OkStatus();
  }));
  if (!alert) return AlertNotFound(request.name());
  return Document(absl::StrCat(kCapType, "; charset=utf-8"), CapDocument(*alert, context));
}

template <typename Request, typename Write>
absl::StatusOr<google::api::HttpBody> FeedCalls::MakeFeed(const rpc::Call& call,
                                                          const Request& request,
                                                          absl::string_view path, Write write,
                                                          Violations violations) {
  ASSIGN_OR_RETURN(const FeedContext context, Context());
  FeedName name{.topic = FullName("topics/", request.topic()),
                .district = FullName("districts/", request.district())};
  name.path = PathOf(path, name);
  const bool known = name.topic.empty() || absl::c_any_of(context.topics, [&](const Topic& topic) {
                       return topic.name == name.topic;
                     });
  if (!known) violations.Add("topic", "TOPIC_UNKNOWN");
  if (!name.district.empty()) {
    if (context.districts == nullptr) return CityUnknown();
    if (!context.districts->Has(name.district)) violations.Add("district", "DISTRICT_UNKNOWN");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  std::vector<PublishedAlert> posts;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(posts,
                     parts_.store.ListFeed(transaction, {name.topic, name.district}, kMostEntries));
    return absl::OkStatus();
  }));
  return Document(kAtomType, write(posts, name, context, parts_.texts, call.language()));
}

absl::StatusOr<google::api::HttpBody> FeedCalls::GetAtomFeed(const rpc::Call& call,
                                                             const v1::GetAtomFeedRequest& request,
                                                             Violations violations) {
  return MakeFeed(call, request, "/feeds/alerts.atom", AtomFeed, std::move(violations));
}

absl::StatusOr<google::api::HttpBody> FeedCalls::GetCapFeed(const rpc::Call& call,
                                                            const v1::GetCapFeedRequest& request,
                                                            Violations violations) {
  return MakeFeed(call, request, "/feeds/alerts.cap", CapFeed, std::move(violations));
}

}  // namespace veche::notifications
