#include "services/classification/calls/model_wire.h"

#include "absl/strings/str_cat.h"

namespace veche::classification {
namespace {

void SetTime(absl::Time time, google::protobuf::Timestamp* wire) {
  const int64_t micros = absl::ToUnixMicros(time);
  wire->set_seconds(micros / 1'000'000);
  wire->set_nanos(static_cast<int32_t>(micros % 1'000'000 * 1000));
}

}  // namespace

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
  SetTime(record.created, proto.mutable_create_time());
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
  SetTime(training.started, proto.mutable_start_time());
  if (training.ended) SetTime(*training.ended, proto.mutable_end_time());
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
