#include "services/classification/calls/model_wire.h"

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"

namespace veche::classification {

v1::Model ToProto(const ModelRecord& record) {
  v1::Model proto;
  proto.set_version(record.version);
  proto.set_state(static_cast<v1::Model::State>(record.state));
  proto.set_active(record.state == ModelState::kActive);
  proto.set_source(record.source);
  proto.set_examples(static_cast<int32_t>(record.examples));
  proto.set_categories(static_cast<int32_t>(record.categories));
  proto.set_accuracy(record.accuracy);
  proto.set_reason(record.reason);
  *proto.mutable_create_time() = api::ToTimestamp(record.created);
  *proto.mutable_scores() = record.scores;
  return proto;
}

v1::Training ToProto(const TrainingRecord& training) {
  v1::Training proto;
  proto.set_name(absl::StrCat("trainings/", training.id));
  proto.set_state(static_cast<v1::Training::State>(training.state));
  proto.set_version(training.version);
  proto.set_reason(training.reason);
  proto.set_requester(training.requester);
  *proto.mutable_start_time() = api::ToTimestamp(training.started);
  if (training.ended) *proto.mutable_end_time() = api::ToTimestamp(*training.ended);
  return proto;
}

void Describe(const Model& model, v1::Model& proto) {
  const TrainingReport& report = model.parts().report;
  proto.set_version(model.version());
  proto.set_source(report.source);
  proto.set_examples(static_cast<int32_t>(report.examples));
  proto.set_categories(static_cast<int32_t>(model.labels().size()));
  proto.set_accuracy(report.accuracy);
}

}  // namespace veche::classification
