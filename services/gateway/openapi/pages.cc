#include "services/gateway/openapi/pages.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "services/gateway/calls/router.h"
#include "services/gateway/openapi/api_schema.h"
#include "services/gateway/openapi/documentation.h"
#include "services/gateway/openapi/openapi.h"
#include "veche/options/v1/options.pb.h"

namespace veche::gateway {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::MethodDescriptor;
using google::protobuf::ServiceDescriptor;

constexpr absl::string_view kHtml = "text/html; charset=utf-8";
// Allows only the page itself and its inline style.
constexpr absl::string_view kPolicy =
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'\r\n";
constexpr absl::string_view kStyle =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}h2{margin-top:3rem;border-bottom:1px solid #bbb}"
    "h3{font:600 1rem ui-monospace,monospace;background:#eef3f8;padding:.4rem "
    ".6rem;margin-top:2rem}"
    "pre{background:#f4f4f4;padding:.6rem;overflow-x:auto}td,th{text-align:left;padding:.1rem "
    ".8rem .1rem 0;vertical-align:top}code{font-family:ui-monospace,monospace}"
    "@media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#16181b}"
    "h3{background:#22303f}pre{background:#22262b}a{color:#8ab8ff}}";

std::string Escape(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

std::string Page(absl::string_view title, absl::string_view body) {
  return absl::StrCat(
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>",
      Escape(title), "</title><style>", kStyle, "</style></head><body>", body, "</body></html>\n");
}

std::string TypeName(const FieldDescriptor& field) {
  if (field.is_map()) return "map";
  std::string name = field.type() == FieldDescriptor::TYPE_MESSAGE ? field.message_type()->name()
                     : field.type() == FieldDescriptor::TYPE_ENUM  ? field.enum_type()->name()
                                                                   : field.type_name();
  return field.is_repeated() ? absl::StrCat(name, "[]") : name;
}

std::string Fields(const google::protobuf::Descriptor& message, absl::string_view caption) {
  if (message.field_count() == 0 || message.full_name() == "google.api.HttpBody") return "";
  std::string result = absl::StrCat("<p><b>", caption, "</b></p><table>");
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    absl::StrAppend(&result, "<tr><td><code>", Escape(field.json_name()), "</code></td><td><code>",
                    Escape(TypeName(field)), IsRequired(field) ? "</code>, required" : "</code>",
                    "</td><td>", Escape(Documentation::Get().Of(field.full_name())), "</td></tr>");
  }
  return result + "</table>";
}

std::string Roles(const MethodDescriptor& rpc) {
  if (IsPublic(rpc)) return "Anyone";
  std::vector<std::string> names;
  for (const int role : rpc.options().GetExtension(options::v1::access).allow()) {
    names.push_back(options::v1::Role_Name(role));
  }
  return absl::StrJoin(names, ", ");
}

std::string CurlLine(const Route& route, const std::string& path) {
  std::string line = "curl";
  if (route.rpc->server_streaming() && route.rpc->output_type()->name() != "HttpBody") {
    line += " -N -H 'Accept: text/event-stream'";
  }
  if (!IsPublic(*route.rpc)) line += " -H \"Authorization: Bearer $TOKEN\"";
  if (route.http_method != "GET") absl::StrAppend(&line, " -X ", route.http_method);
  if (route.rpc->client_streaming()) {
    line += " -H 'Content-Type: image/jpeg' --data-binary @photo.jpg";
  } else if (!route.body.empty()) {
    line += " -H 'Content-Type: application/json' -d '{…}'";
  }
  return absl::StrCat(line, " \"$VECHE", path, "\"");
}

std::string Operation(const Route& route) {
  const MethodDescriptor& rpc = *route.rpc;
  const std::string path = ApiPathOf(route).text;
  return absl::StrCat("<h3 id=\"", Escape(rpc.name()), "\">", Escape(route.http_method), " ",
                      Escape(path), "</h3><p>", Escape(Documentation::Get().Of(rpc.full_name())),
                      "</p><p>Callers: ", Roles(rpc), ".</p><pre>", Escape(CurlLine(route, path)),
                      "</pre>", Fields(*rpc.input_type(), "Request"),
                      Fields(*rpc.output_type(), rpc.server_streaming() ? "Each event" : "Answer"));
}

std::string DocsPage(const std::vector<const ServiceDescriptor*>& services) {
  std::string body =
      "<h1>Veche: the HTTP interface</h1><p>JSON in and out (proto3 JSON); errors are RFC 9457 "
      "problem documents; the same as a machine reads it: <a href=\"/openapi.json\">"
      "/openapi.json</a>. In the examples <code>VECHE</code> is this server's address.</p>";
  for (const ServiceDescriptor* service : services) {
    Router router;
    if (!router.Add(*service).ok() || router.routes().empty()) continue;
    absl::StrAppend(&body, "<h2>", Escape(service->name()), "</h2><p>",
                    Escape(Documentation::Get().Of(service->full_name())), "</p>");
    for (const auto& route : router.routes()) body += Operation(*route);
  }
  return Page("Veche: the HTTP interface", body);
}

std::string FrontPage(absl::string_view city) {
  const std::string title = city.empty() ? "Veche" : absl::StrCat("Veche · ", city);
  return Page(title,
              absl::StrCat("<h1>", Escape(title),
                           "</h1><p>The line between a city and its residents: report a "
                           "problem, and watch it being solved.</p><p><a href=\"/docs\">The "
                           "HTTP interface</a> · <a href=\"/openapi.json\">OpenAPI</a></p>"));
}

}  // namespace

std::map<std::string, StaticPage> MakePages(const std::vector<const ServiceDescriptor*>& services,
                                            absl::string_view city) {
  std::map<std::string, StaticPage> pages;
  pages["/"] = {kHtml, FrontPage(city), std::string(kPolicy)};
  pages["/docs"] = {kHtml, DocsPage(services), std::string(kPolicy)};
  pages["/openapi.json"] = {"application/json", MakeOpenApi(services)};
  return pages;
}

}  // namespace veche::gateway
