#pragma once

#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/base/clock.h"
#include "common/calendar/working_calendar.h"
#include "common/events/consumer.h"
#include "common/events/event_log.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/routing/decision.h"
#include "services/appeals/routing/suggestion.h"
#include "services/appeals/storage/rule_book.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/workers/city.h"
#include "services/appeals/workers/text_classifier.h"

namespace veche::appeals {

// Handles a batch of events for new appeals: asks classification about all of them in one call,
// then registers and assigns them with a category and a department (routing/decision.h), and writes
// language, priority, advice, due time and search terms in the transaction that moves the
// consumer's cursor. Where classification is not sure, an appeal is registered and waits for a
// person. When people have changed an input of the priority (category, place, supporters), computes
// the priority again. While classification or the directory is down, the batch fails and the
// consumer tries again, one by one, so that routing is late and nothing is lost. A text that makes
// classification fail repeatedly, while other texts succeed, is registered for a person too. For
// one thread.
class Router {
 public:
  Router(Store& store, const City& city, RuleBook& rules,
         std::shared_ptr<grpc::Channel> classification, const WorkingCalendar& calendar,
         const Clock& clock, observe::Telemetry telemetry, RoutingOptions options = {});

  // For events::Consumer.
  absl::StatusOr<events::Effect> Handle(absl::Span<const events::Event> events);

 private:
  // The results about one appeal from outside the transaction.
  struct Finding {
    std::string id;
    std::vector<std::string> text_terms;  // of the public text
    std::vector<std::string> terms;       // the same, and those of the address
    uint64_t fingerprint = 0;
    Suggestion suggestion;
    PreparedChange change;  // of the appeal as it was read
    bool is_new = true;     // not routed yet
    bool changes = true;    // false when there is nothing to write
    // The number of similar appeals near by, if the appeal gets this category.
    std::string similar_category;
    int64_t similar_count = 0;
  };

  // The first error for which the batch must wait, if any; all texts are asked about in any case.
  absl::Status Classify(const std::vector<Appeal>& appeals, std::vector<Finding>& findings);
  // The similar appeals near by.
  absl::Status LookAround(Appeal appeal, const CitySnapshot& city, const RuleSet& rules,
                          Finding& finding);
  // Whether the batch must wait for an error to pass. Counts the tries of texts that may cause the
  // error; a text that may be too slow is asked about alone.
  bool WaitsFor(const std::string& id, const absl::Status& status, bool alone);
  absl::Status Apply(const Finding& finding, const CitySnapshot& city, const RuleSet& rules,
                     Appeal& appeal, Record& record);
  // The category and department of an appeal that nobody has changed yet.
  DepartmentChoice Decide(const Finding& finding, const CitySnapshot& city, const RuleSet& rules,
                          const Appeal& appeal) const;
  // The results for a new appeal that come from its text alone.
  void Understand(const Finding& finding, const CitySnapshot& city, Appeal& appeal) const;
  // The priority of an appeal that was routed before. Leaves no record when it is unchanged.
  void Revise(const Finding& finding, Appeal& appeal, Record& record) const;

  Store& store_;
  const City& city_;
  RuleBook& rules_;
  TextClassifier classifier_;
  const WorkingCalendar& calendar_;
  const Clock& clock_;
  const observe::Telemetry telemetry_;
  const RoutingOptions options_;
  // Failed tries by appeal, for texts that may cause the failure.
  absl::flat_hash_map<std::string, int> tries_;
};

}  // namespace veche::appeals
