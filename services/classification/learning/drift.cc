#include "services/classification/learning/drift.h"

#include <prometheus/registry.h>

#include "common/base/status_macros.h"

namespace veche::classification {
namespace {

// With fewer cases a figure is mostly chance and raises no alarm.
constexpr int64_t kFewest = 100;

v1::Drift::Alarm MakeAlarm(double value, double limit, int64_t of, bool beyond) {
  v1::Drift::Alarm alarm;
  alarm.set_value(value);
  alarm.set_limit(limit);
  alarm.set_of(of);
  alarm.set_raised(of >= kFewest && beyond);
  return alarm;
}

double ShareOf(const Tally& tally) {
  return tally.of == 0 ? 0 : static_cast<double>(tally.yes) / static_cast<double>(tally.of);
}

v1::Drift::Alarm RaisedAbove(double value, double limit, int64_t of) {
  return MakeAlarm(value, limit, of, value > limit);
}

v1::Drift::Alarm RaisedBelow(const Tally& tally, double limit) {
  return MakeAlarm(ShareOf(tally), limit, tally.of, ShareOf(tally) < limit);
}

}  // namespace

absl::StatusOr<v1::Drift> MeasureDrift(sql::Transaction& transaction, ExampleStore& examples,
                                       const v1::Scores& trained, const LearningOptions& options) {
  v1::Drift drift;
  ASSIGN_OR_RETURN(const auto mix, examples.CategoryMix(transaction, options.drift_window));
  const std::map<std::string, int64_t> expected(trained.category_counts().begin(),
                                                trained.category_counts().end());
  int64_t suggested = 0;
  for (const auto& [category, count] : mix) suggested += count;
  *drift.mutable_category_mix() = RaisedAbove(
      StabilityIndex(expected, mix), options.category_mix_limit, expected.empty() ? 0 : suggested);
  ASSIGN_OR_RETURN(const Tally abstained, examples.Abstained(transaction, options.drift_window));
  *drift.mutable_abstained() =
      RaisedAbove(ShareOf(abstained), options.abstained_limit, abstained.of);
  ASSIGN_OR_RETURN(const Tally category,
                   examples.Agreement(transaction, LabelKind::kCategory, options.drift_window));
  *drift.mutable_category_agreement() = RaisedBelow(category, options.agreement_limit);
  ASSIGN_OR_RETURN(const Tally department,
                   examples.Agreement(transaction, LabelKind::kDepartment, options.drift_window));
  *drift.mutable_department_agreement() = RaisedBelow(department, options.agreement_limit);
  return drift;
}

DriftMetrics::Gauges DriftMetrics::GaugesFor(prometheus::Registry& registry, const char* figure) {
  const auto gauge = [&](const char* name, const char* help) -> prometheus::Gauge& {
    return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(
        {{"figure", figure}});
  };
  return {gauge("veche_classifier_drift", "What is watched for drift away from the model in use"),
          gauge("veche_classifier_drift_limit", "Where the alarm begins"),
          gauge("veche_classifier_drift_cases", "Of how many suggestions or decisions"),
          gauge("veche_classifier_drift_alarm", "1 while the alarm is raised")};
}

DriftMetrics::DriftMetrics(prometheus::Registry& registry)
    : category_mix_(GaugesFor(registry, "category_mix")),
      abstained_(GaugesFor(registry, "abstained")),
      category_agreement_(GaugesFor(registry, "category_agreement")),
      department_agreement_(GaugesFor(registry, "department_agreement")) {}

void DriftMetrics::Set(const v1::Drift::Alarm& alarm, Gauges& gauges) {
  gauges.value.Set(alarm.value());
  gauges.limit.Set(alarm.limit());
  gauges.cases.Set(static_cast<double>(alarm.of()));
  gauges.alarm.Set(alarm.raised() ? 1 : 0);
}

void DriftMetrics::Set(const v1::Drift& drift) {
  Set(drift.category_mix(), category_mix_);
  Set(drift.abstained(), abstained_);
  Set(drift.category_agreement(), category_agreement_);
  Set(drift.department_agreement(), department_agreement_);
}

}  // namespace veche::classification
