#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/domain/follow_token.h"
#include "services/appeals/storage/store.h"
#include "veche/appeals/v1/appeals.pb.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche::appeals {

// Submission of new appeals. Thread-safe; blocking.
class SubmitCalls {
 public:
  struct Parts {
    sql::Database& database;
    Store& store;
    CityProvider city;
    identity::v1::Identity::StubInterface& identity;
    const Clock& clock;
    IdSource& ids;
    const FollowTokens& tokens;
    // After this time an appeal that is not routed is escalated to a person; infinite: never.
    absl::Duration routing_patience = absl::Hours(1);
  };
  // All of `parts` must outlive it.
  explicit SubmitCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::Appeal> CreateAppeal(const rpc::Call& call,
                                          const v1::CreateAppealRequest& request,
                                          Violations violations = {});

 private:
  // The appeal of a request, and a guest's contact. Adds what is wrong to `violations`.
  struct Submission {
    Appeal appeal;
    std::vector<std::string> attachments;  // ids
    std::string contact;
  };
  absl::StatusOr<Submission> Read(const rpc::Call& call, const v1::CreateAppealRequest& request,
                                  Violations violations);
  // The opaque name of a guest who left a contact.
  absl::StatusOr<std::string> RegisterGuest(const rpc::Call& call, absl::string_view contact,
                                            absl::string_view appeal);

  const Parts parts_;
};

}  // namespace veche::appeals
