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
#include "services/appeals/domain/calendar.h"
#include "services/appeals/domain/city_snapshot.h"
#include "services/appeals/routing/decision.h"
#include "services/appeals/routing/suggestion.h"
#include "services/appeals/storage/rule_book.h"
#include "services/appeals/storage/store.h"
#include "services/appeals/workers/city.h"
#include "services/appeals/workers/text_classifier.h"

namespace veche::appeals {

// Decides what a batch of events means for new appeals: asks classification about all in
// one call, then registers and assigns them, chooses category and department
// (routing/decision.h), writes language, priority, advice, due time
// and search terms, in the transaction that moves the consumer's cursor. Where classification is
// not sure, an appeal is registered and waits for a person. When people have changed what priority
// is made of (category, place, supporters), finds that anew. While classification or the directory
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
    Suggestion suggestion;
    PreparedChange change;  // of the appeal as it was read
    bool is_new = true;     // not routed yet
    bool changes = true;    // anything
    // How many are the same near by, if it is of this category.
    std::string similar_category;
    int64_t similar_count = 0;
  };

  // The error of the first answer to wait for, if any; all are asked in any case.
  absl::Status Classify(const std::vector<Appeal>& appeals, std::vector<Finding>& findings);
  // What is the same near by.
  absl::Status LookAround(Appeal appeal, const CitySnapshot& city, const RuleSet& rules,
                          Finding& finding);
  // Whether an error is to be waited for. Counts the tries of texts that may be the cause of it;
  // whether one is too slow is found out when it is asked about alone.
  bool WaitsFor(const std::string& id, const absl::Status& status, bool alone);
  absl::Status Apply(const Finding& finding, const CitySnapshot& city, const RuleSet& rules,
                     Appeal& appeal, Record& record);
  // Category and department of one that nobody has touched yet.
  DepartmentChoice Decide(const Finding& finding, const CitySnapshot& city, const RuleSet& rules,
                          const Appeal& appeal) const;
  // What the text itself tells of one that is new.
  void Understand(const Finding& finding, const CitySnapshot& city, Appeal& appeal) const;
  // The priority of one that was routed before. Leaves no record when it is as it was.
  void Revise(const Finding& finding, Appeal& appeal, Record& record) const;

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

}  // namespace veche::appeals
