#include "services/notifications/calls/contact_calls.h"

#include <optional>
#include <string>
#include <utility>

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
  if (!tokens_.Read(request.token())) return LinkUnknown();
  return Page(AskPage(request.token(), texts_, call.language()));
}

absl::StatusOr<google::api::HttpBody> ContactCalls::Unsubscribe(
    const rpc::Call& call, const v1::UnsubscribeRequest& request) {
  std::optional<Unsubscription> what = tokens_.Read(request.token());
  if (!what) return LinkUnknown();
  if (request.all()) what->subject.clear();
  google::api::HttpBody page = Page(EndedPage(request.all(), texts_, call.language()));
  RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(store_.OptOut(transaction, *what, clock_.Now()));
    return call.Remember(transaction, page);
  }));
  return page;
}

}  // namespace veche::notifications
