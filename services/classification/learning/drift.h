#pragma once

#include <prometheus/gauge.h>

#include "services/classification/learning/options.h"
#include "services/classification/storage/example_store.h"
#include "veche/classification/v1/classification.pb.h"

namespace veche::classification {

// Measures how far the newest suggestions and decisions in the database have drifted from those
// that the model in use was trained on. `trained` are the scores of that model; without category
// counts, like those of the built-in model, category_mix has no cases.
absl::StatusOr<v1::Drift> MeasureDrift(sql::Transaction& transaction, ExampleStore& examples,
                                       const v1::Scores& trained, const LearningOptions& options);

// Metrics by figure (category_mix, abstained, category_agreement, department_agreement):
// veche_classifier_drift, veche_classifier_drift_limit, veche_classifier_drift_cases,
// veche_classifier_drift_alarm. Thread-safe.
class DriftMetrics {
 public:
  // `registry` must outlive it.
  explicit DriftMetrics(prometheus::Registry& registry);
  void Set(const v1::Drift& drift);

 private:
  struct Gauges {
    prometheus::Gauge& value;
    prometheus::Gauge& limit;
    prometheus::Gauge& cases;
    prometheus::Gauge& alarm;
  };
  static Gauges GaugesFor(prometheus::Registry& registry, const char* figure);
  static void Set(const v1::Drift::Alarm& alarm, Gauges& gauges);

  Gauges category_mix_;
  Gauges abstained_;
  Gauges category_agreement_;
  Gauges department_agreement_;
};

}  // namespace veche::classification
