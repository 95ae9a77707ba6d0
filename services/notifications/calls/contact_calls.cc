#include "services/notifications/calls/contact_calls.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "common/base/status_macros.h"
#include "services/notifications/contacts/unsubscribe_page.h"
#include "services/notifications/domain/errors.h"

namespace veche::notifications {
namespace {

google::api::HttpBody Page(std::string html) {
  google::api::HttpBody body;
  body.set_content_type("text/html; charset=utf-8");
  body.set_data(std::move(html));
  return body;
}

}  // namespace

absl::StatusOr<google::api::HttpBody> ContactCalls::GetUnsubscribePage(
    const rpc::Call& call, const v1::GetUnsubscribePageRequest& request) {
  const std::optional<Unsubscription> what = tokens_.Read(request.token());
  if (!what) return LinkUnknown();
  std::string topic;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(topic, TopicOf(transaction, *what, call.language()));
    return absl::OkStatus();
  }));
  return Page(AskPage(request.token(), topic, texts_, call.language()));
}

absl::StatusOr<google::api::HttpBody> ContactCalls::Unsubscribe(
    const rpc::Call& call, const v1::UnsubscribeRequest& request) {
  std::optional<Unsubscription> what = tokens_.Read(request.token());
  if (!what) return LinkUnknown();
  if (request.all()) what->subject.clear();
  google::api::HttpBody page;
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const std::string topic, TopicOf(transaction, *what, call.language()));
    page = Page(EndedPage(request.all(), topic, texts_, call.language()));
    RETURN_IF_ERROR(store_.OptOut(transaction, *what, clock_.Now()));
    return call.Remember(transaction, page);
  }));
  return page;
}

absl::StatusOr<std::string> ContactCalls::TopicOf(sql::Transaction& transaction,
                                                  const Unsubscription& what,
                                                  absl::string_view language) {
  if (!absl::StartsWith(what.subject, "topics/")) return std::string();
  ASSIGN_OR_RETURN(const std::vector<Topic> topics, alerts_.ListTopics(transaction));
  for (const Topic& topic : topics) {
    if (topic.name == what.subject) return TitleIn(topic.titles, language);
  }
  return what.subject;
}

}  // namespace veche::notifications
