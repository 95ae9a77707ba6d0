#include "services/appeals/storage/event_data.h"

#include "services/appeals/domain/names.h"
#include "veche/appeals/v1/events.pb.h"

namespace veche::appeals {

std::string EventData(const Appeal& before, const Appeal& appeal, const EventNote& note) {
  v1::AppealEvent event;
  event.set_appeal(AppealName(appeal.id));
  event.set_number(appeal.number);
  event.set_version(appeal.version);
  event.set_state(static_cast<v1::Appeal::State>(appeal.state));
  event.set_author(appeal.author);
  event.set_actor(note.actor);
  event.set_department(appeal.department);
  event.set_category(appeal.category);
  event.set_district(appeal.district);
  event.set_routed_by(static_cast<v1::Routing::By>(appeal.routing.by));
  if (!note.merged_into.empty()) event.set_merged_into(AppealName(note.merged_into));
  event.set_outcome(note.outcome);
  if (before.category != appeal.category) event.set_previous_category(before.category);
  if (before.department != appeal.department) event.set_previous_department(before.department);
  if (note.suggested) {
    event.mutable_suggestion()->set_category(note.suggested->category);
    event.mutable_suggestion()->set_probability(note.suggested->probability);
    event.mutable_suggestion()->set_confident(note.suggested->confident);
    event.mutable_suggestion()->set_model(note.suggested->model);
  }
  return event.SerializeAsString();
}

}  // namespace veche::appeals
