#pragma once

#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/base/clock.h"
#include "common/base/id.h"
#include "common/observe/telemetry.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "services/appeals/calls/watchers.h"
#include "services/appeals/domain/access.h"
#include "services/appeals/domain/calendar.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/storage/rule_book.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/workers/city.h"
#include "veche/appeals/v1/appeals.pb.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche::appeals {

// What handlers work with. All of it outlives them.
struct Dependencies {
  Store& store;
  const City& city;
  WatcherHub& watchers;
  identity::v1::Identity::StubInterface& identity;
  const WorkingCalendar& calendar;
  const Clock& clock;
  IdSource& ids;
  RuleBook& rules;
  // After this a person is told of an appeal that was not routed; infinite: never.
  absl::Duration routing_patience = absl::Hours(1);
};

// The calls of the service Appeals: validate, act, convert. Blocking; thread-safe. By theme in
// handlers.cc (create, read), list_handlers.cc, author_handlers.cc, assign_handlers.cc,
// staff_handlers.cc and import_handlers.cc.
class Handlers {
 public:
  explicit Handlers(Dependencies dependencies) : d_(dependencies) {}

  absl::StatusOr<v1::Appeal> CreateAppeal(const rpc::Call& call,
                                          const v1::CreateAppealRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::Appeal> GetAppeal(const rpc::Call& call, const v1::GetAppealRequest& request);
  absl::StatusOr<v1::Timeline> GetTimeline(const rpc::Call& call,
                                           const v1::GetTimelineRequest& request);
  absl::Status WatchAppeal(const rpc::Call& call, const v1::WatchAppealRequest& request,
                           std::shared_ptr<rpc::StreamWriter<v1::WatchAppealResponse>> writer);

  absl::StatusOr<v1::ListAppealsResponse> ListAppeals(const rpc::Call& call,
                                                      const v1::ListAppealsRequest& request,
                                                      Violations violations = {});
  absl::StatusOr<v1::Appeal> ReviewAppeal(const rpc::Call& call,
                                          const v1::ReviewAppealRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::ListInboxResponse> ListInbox(const rpc::Call& call,
                                                  const v1::ListInboxRequest& request,
                                                  Violations violations = {});
  absl::StatusOr<v1::ListMessagesResponse> ListMessages(const rpc::Call& call,
                                                        const v1::ListMessagesRequest& request,
                                                        Violations violations = {});
  absl::StatusOr<v1::SuggestDuplicatesResponse> SuggestDuplicates(
      const rpc::Call& call, const v1::SuggestDuplicatesRequest& request,
      Violations violations = {});

  absl::StatusOr<v1::Appeal> SupportAppeal(const rpc::Call& call,
                                           const v1::SupportAppealRequest& request);
  absl::StatusOr<v1::Appeal> UnsupportAppeal(const rpc::Call& call,
                                             const v1::UnsupportAppealRequest& request);
  absl::StatusOr<v1::Appeal> FollowAppeal(const rpc::Call& call,
                                          const v1::FollowAppealRequest& request);
  absl::StatusOr<v1::Appeal> UnfollowAppeal(const rpc::Call& call,
                                            const v1::UnfollowAppealRequest& request);
  absl::StatusOr<v1::Appeal> WithdrawAppeal(const rpc::Call& call,
                                            const v1::WithdrawAppealRequest& request,
                                            Violations violations = {});
  absl::StatusOr<v1::Appeal> ReopenAppeal(const rpc::Call& call,
                                          const v1::ReopenAppealRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::Appeal> RateAppeal(const rpc::Call& call, const v1::RateAppealRequest& request,
                                        Violations violations = {});
  absl::StatusOr<v1::Message> CreateMessage(const rpc::Call& call,
                                            const v1::CreateMessageRequest& request,
                                            Violations violations = {});

  absl::StatusOr<v1::Appeal> AssignAppeal(const rpc::Call& call,
                                          const v1::AssignAppealRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::Appeal> RelocateAppeal(const rpc::Call& call,
                                            const v1::RelocateAppealRequest& request,
                                            Violations violations = {});
  absl::StatusOr<v1::Appeal> StartAppeal(const rpc::Call& call,
                                         const v1::StartAppealRequest& request);
  absl::StatusOr<v1::Appeal> RequestInfo(const rpc::Call& call,
                                         const v1::RequestInfoRequest& request,
                                         Violations violations = {});
  absl::StatusOr<v1::Appeal> ResolveAppeal(const rpc::Call& call,
                                           const v1::ResolveAppealRequest& request,
                                           Violations violations = {});
  absl::StatusOr<v1::Appeal> RejectAppeal(const rpc::Call& call,
                                          const v1::RejectAppealRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::Appeal> ForwardAppeal(const rpc::Call& call,
                                           const v1::ForwardAppealRequest& request,
                                           Violations violations = {});
  absl::StatusOr<v1::Appeal> MergeAppeal(const rpc::Call& call,
                                         const v1::MergeAppealRequest& request,
                                         Violations violations = {});

  absl::StatusOr<v1::BatchGetTextsResponse> BatchGetTexts(const rpc::Call& call,
                                                          const v1::BatchGetTextsRequest& request,
                                                          Violations violations = {});
  absl::StatusOr<v1::ImportAppealsResponse> ImportAppeals(const rpc::Call& call,
                                                          const v1::ImportAppealsRequest& request,
                                                          Violations violations = {});

 private:
  // Which appeal a change is for, as the request says.
  struct Target {
    absl::string_view name;
    absl::string_view follow_token;
    absl::string_view etag;
  };
  // kModerator: of any appeal, whatever its department and visibility.
  enum class By { kAuthor, kStaff, kModerator };
  static absl::Status NothingElse(sql::Transaction&, const Appeal&) { return absl::OkStatus(); }
  using ActorChange = absl::FunctionRef<absl::Status(Appeal&, const Actor&, Record&)>;

  // As precisely as it is stored, so that answers to a change and to a later read agree.
  absl::Time Now() const { return FromMicros(ToMicros(d_.clock.Now())); }
  // The appeal, when the caller may see it.
  absl::StatusOr<Appeal> Find(absl::string_view name, const Viewer& viewer);
  // Changes an appeal as its author or staff: visible, allowed, unchanged since the etag, then
  // `change`, then `also` in the same transaction.
  absl::StatusOr<v1::Appeal> Change(const rpc::Call& call, const Target& target, By by,
                                    ActorChange change, CommitHook also = NothingElse);
  // TimelineFull when the timeline, as it is in the transaction, has too many steps.
  absl::Status CheckRoomForSteps(sql::Transaction& transaction, const Appeal& appeal);
  // Change where the change is one step with nothing around it.
  absl::StatusOr<v1::Appeal> TakeStep(const rpc::Call& call, const Target& target, By by,
                                      Action action, absl::string_view comment);
  // The part of AssignAppeal that leaves the department to the rules.
  absl::StatusOr<v1::Appeal> Recategorize(const rpc::Call& call,
                                          const v1::AssignAppealRequest& request,
                                          const std::string& comment);
  absl::StatusOr<v1::Appeal> SetTie(const rpc::Call& call, absl::string_view name, TieKind kind,
                                    bool on);
  absl::StatusOr<Ties> TiesOf(const rpc::Call& call, absl::string_view id);
  // Adds a violation for each of `ids` that is not the caller's to use.
  absl::StatusOr<std::vector<Attachment>> FindUnused(const rpc::Call& call,
                                                     const std::vector<std::string>& ids,
                                                     Violations& violations);
  // The opaque name of a guest who left a contact.
  absl::StatusOr<std::string> RegisterGuest(const rpc::Call& call, absl::string_view contact,
                                            absl::string_view appeal);

  Dependencies d_;
};

Viewer ViewerOf(const rpc::Call& call, absl::string_view follow_token);

}  // namespace veche::appeals
