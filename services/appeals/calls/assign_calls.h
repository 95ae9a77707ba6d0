#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "services/appeals/calls/appeal_change.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/storage/rule_book.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::appeals {

// Which department answers: one that staff name, or the one that the rules choose after staff have
// changed category or place. Thread-safe; blocking.
class AssignCalls {
 public:
  // `change` and `rules` must outlive it.
  AssignCalls(const AppealChange& change, CityProvider city, RuleBook& rules)
      : change_(change), city_(std::move(city)), rules_(rules) {}

  absl::StatusOr<v1::Appeal> AssignAppeal(const rpc::Call& call,
                                          const v1::AssignAppealRequest& request,
                                          Violations violations = {});
  absl::StatusOr<v1::Appeal> RelocateAppeal(const rpc::Call& call,
                                            const v1::RelocateAppealRequest& request,
                                            Violations violations = {});

 private:
  // The part of AssignAppeal that leaves the department to the rules.
  absl::StatusOr<v1::Appeal> Recategorize(const rpc::Call& call,
                                          const v1::AssignAppealRequest& request,
                                          const std::string& comment);

  const AppealChange& change_;
  const CityProvider city_;
  RuleBook& rules_;
};

}  // namespace veche::appeals
