// JSON transcoding of a 1 KB appeal: our transcoder and protobuf's json_util, in one run.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "google/protobuf/util/json_util.h"
#include "services/gateway/json/json.h"
#include "veche/appeals/v1/appeals.pb.h"

namespace veche::gateway::json {
namespace {

namespace v1 = ::veche::appeals::v1;
using Clock = std::chrono::steady_clock;

v1::Appeal MakeAppeal() {
  v1::Appeal appeal;
  appeal.set_name("appeals/01k6a7h3v9m2q4r8s0t1w5x7yz");
  appeal.set_number("2026-000123");
  appeal.set_class_(v1::Appeal::MESSAGE);
  appeal.set_kind(v1::Appeal::COMPLAINT);
  appeal.set_text(
      "Во дворе дома 12 по улице Баумана третью неделю не горит фонарь у детской площадки. "
      "Вечером дети возвращаются с тренировки в полной темноте, вчера ребёнок споткнулся и упал.\n"
      "Просим восстановить освещение до конца месяца.");
  appeal.set_language("ru");
  appeal.mutable_location()->set_latitude(55.788734);
  appeal.mutable_location()->set_longitude(49.122143);
  appeal.mutable_location()->set_address("Казань, ул. Баумана, 12");
  appeal.set_district("districts/vakhitovsky");
  appeal.set_category("categories/street-lighting");
  appeal.set_department("departments/gorsvet");
  appeal.set_priority(classification::v1::NORMAL);
  appeal.set_state(v1::Appeal::IN_PROGRESS);
  appeal.set_visibility(v1::Appeal::PUBLIC);
  appeal.set_channel("web");
  appeal.mutable_create_time()->set_seconds(1'790'000'000);
  appeal.mutable_create_time()->set_nanos(123'456'000);
  appeal.mutable_update_time()->set_seconds(1'790'003'600);
  appeal.mutable_register_time()->set_seconds(1'790'000'060);
  appeal.mutable_due_time()->set_seconds(1'790'864'000);
  appeal.set_supporter_count(17);
  auto& attachment = *appeal.add_attachments();
  attachment.set_name("attachments/01k6a7h3v9m2q4r8s0t1w5x7z0");
  attachment.set_content_type("image/jpeg");
  attachment.set_size_bytes(245'113);
  attachment.set_sha256("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
  appeal.set_etag("W/\"3\"");
  return appeal;
}

// Nanoseconds a call, the best of several rounds, because other load only adds time.
template <typename F>
double Measure(F call) {
  double best = 1e18;
  for (int round = 0; round < 15; ++round) {
    int calls = 0;
    const auto begin = Clock::now();
    auto now = begin;
    for (; now - begin < std::chrono::milliseconds(20); now = Clock::now()) {
      for (int i = 0; i < 64; ++i) call();
      calls += 64;
    }
    best = std::min(best, std::chrono::duration<double, std::nano>(now - begin).count() / calls);
  }
  return best;
}

void Check(bool ok, const char* what) {
  if (ok) return;
  std::fprintf(stderr, "json benchmark: %s failed\n", what);
  std::exit(1);
}

int Run() {
  Tables tables;
  const MessageTable& table = tables.Get(v1::Appeal::descriptor());
  const std::string wire = MakeAppeal().SerializeAsString();
  std::string json;
  Check(WriteJson(table, wire, &json).ok(), "WriteJson");

  // Both transcoders convert between wire bytes and JSON text, as the gateway does.
  google::protobuf::util::JsonPrintOptions print;
  print.always_print_primitive_fields = true;
  v1::Appeal message;
  std::string out;
  const double write = Measure([&] {
    out.clear();
    Check(WriteJson(table, wire, &out).ok(), "WriteJson");
  });
  const double their_write = Measure([&] {
    out.clear();
    Check(message.ParseFromString(wire), "ParseFromString");
    Check(google::protobuf::util::MessageToJsonString(message, &out, print).ok(), "MessageToJson");
  });
  const double read = Measure([&] {
    out.clear();
    Check(ReadJson(table, json, &out).ok(), "ReadJson");
  });
  const double their_read = Measure([&] {
    message.Clear();
    Check(google::protobuf::util::JsonStringToMessage(json, &message).ok(), "JsonToMessage");
    Check(message.SerializeToString(&out), "SerializeToString");
  });

  std::printf("json: an appeal of %zu bytes, %zu of JSON\n", wire.size(), json.size());
  std::printf("json write: %.1f x faster than json_util (%.2f us, %.2f us)\n", their_write / write,
              write / 1e3, their_write / 1e3);
  std::printf("json read: %.1f x faster than json_util (%.2f us, %.2f us)\n", their_read / read,
              read / 1e3, their_read / 1e3);
  return 0;
}

}  // namespace
}  // namespace veche::gateway::json

int main() { return veche::gateway::json::Run(); }
