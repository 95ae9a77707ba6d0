#pragma once

#include <string>

#include "common/base/id.h"
#include "services/appeals/domain/changes.h"
#include "services/appeals/domain/keys.h"
#include "services/appeals/storage/store.h"

// Appeals for tests: fields that are not named do not matter.

namespace veche::appeals {

struct TestAppeal {
  std::string text = "Яма на дороге";
  absl::Time created = absl::FromUnixSeconds(1'790'000'000);
  std::string author = "residents/ivan";
  std::string category = "categories/potholes";
  std::string department = "departments/roads";
  std::string district = "districts/west";
  State state = State::kAssigned;
  Kind kind = Kind::kComplaint;
  Visibility visibility = Visibility::kPublic;
  std::optional<geo::LatLng> location = geo::LatLng{55.8, 49.05};
  std::optional<absl::Time> due = std::nullopt;
};

inline Appeal MakeAppeal(IdSource& ids, const TestAppeal& wanted) {
  Appeal appeal;
  appeal.text = wanted.text;
  appeal.created = appeal.updated = WholeMillis(wanted.created);
  appeal.id = ids.NewAt(appeal.created);
  appeal.author = wanted.author;
  appeal.category = wanted.category;
  appeal.department = wanted.department;
  appeal.district = wanted.district;
  appeal.state = wanted.state;
  appeal.kind = wanted.kind;
  appeal.visibility = wanted.visibility;
  appeal.location = wanted.location;
  appeal.due = wanted.due;
  appeal.registered = appeal.created;
  appeal.clock.registered = appeal.created;
  return appeal;
}

inline Record MakeSubmission(const Appeal& appeal) {
  Record record;
  AddEntry(record, "SUBMITTED", {Party::kAuthor, appeal.author, ""}, appeal.created);
  AddEvent(record, "submitted", {Party::kAuthor, appeal.author, ""});
  return record;
}

// A check that everything passes.
inline absl::Status NoCheck(const Appeal&) { return absl::OkStatus(); }
// A hook that adds nothing.
inline absl::Status NoHook(sql::Transaction&, const Appeal&) { return absl::OkStatus(); }

}  // namespace veche::appeals
