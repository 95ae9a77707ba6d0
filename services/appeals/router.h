#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/events/consumer.h"
#include "common/events/event_log.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/appeals/calendar.h"
#include "services/appeals/city.h"
#include "services/appeals/routing/department.h"
#include "services/appeals/routing/rule_book.h"
#include "services/appeals/store.h"
#include "services/appeals/text_classifier.h"

namespace veche::appeals {

// Decides what a batch of events means for new appeals: asks classification about all in
// one call, then registers and assigns them, chooses the department
// (routing/department.h), writes language, category, priority, advice, due time
// and search terms, in the transaction that moves the consumer's cursor. Where classification is
// not sure, an appeal is registered and waits for a person. While classification or the directory
// are down the batch fails and the consumer tries again, one by one, so routing is late and nothing
// is lost. A text that breaks classification again and again, while it works otherwise, is
// registered for a person too. For one thread.
class Router {
 public:
  Router(Store& store, const City& city, RuleBook& rules,
         std::shared_ptr<grpc::Channel> classification, const WorkingCalendar& calendar,
         const Clock& clock, observe::Telemetry telemetry, RoutingOptions options = {});

  // For events::Consumer.
  absl::StatusOr<events::Effect> Handle(absl::Span<const events::Event> events);

 private:
  // What was found out about one appeal outside the transaction.
  struct Finding {
    std::string id;
    std::vector<std::string> text_terms;  // of the public text
    std::vector<std::string> terms;       // the same and those of the address
    uint64_t fingerprint = 0;
    classification::v1::SuggestResponse suggestion;
    PreparedChange change;  // of the appeal as it was read
  };

  // The error of the first answer to wait for, if any; all are asked in any case.
  absl::Status Classify(const std::vector<Appeal>& appeals, std::vector<Finding>& findings);
  // Whether an error is to be waited for. Counts the tries of texts that may be the cause of it;
  // whether one is too slow is found out when it is asked about alone.
  bool WaitsFor(const std::string& id, const absl::Status& status, bool alone);
  absl::Status Apply(const Finding& finding, const CitySnapshot& city, const RuleSet& rules,
                     Appeal& appeal, Record& record);
  // Category and department of one that nobody has touched yet.
  void Route(const Finding& finding, const CitySnapshot& city, const RuleSet& rules,
             Appeal& appeal);

  Store& store_;
  const City& city_;
  RuleBook& rules_;
  TextClassifier classifier_;
  const WorkingCalendar& calendar_;
  const Clock& clock_;
  const observe::Telemetry telemetry_;
  const RoutingOptions options_;
  // Failed tries by appeal, of those that may themselves be the cause.
  absl::flat_hash_map<std::string, int> tries_;
};

// The category to route to; "" when a person must decide. Pure: the author's own word first, then a
// confident candidate, then one that is far before the others.
std::string ChooseCategory(absl::string_view authors,
                           const classification::v1::SuggestResponse& suggestion,
                           const CitySnapshot& city);

}  // namespace veche::appeals
