#!/usr/bin/env ruby
# What GitHub makes of Markdown, and a browser of a page: a line of JSON for each file.
#
#	render.rb FILE.md|FILE.html|FILE.xml...
#
# Markdown goes through GitHub's own parser (cmark-gfm) and filters (html-pipeline: sanitise,
# mentions, teams, links).  The filters for emoji, references and mathematics are not
# public: what they would look at is looked for in the text, outside of code, where none of them goes.
require "json"
require "open3"
require "html/pipeline"

CMARK = %w[cmark-gfm --unsafe -e table -e autolink -e strikethrough -e tagfilter -e tasklist -e footnotes].freeze
FILTERS = %i[SanitizationFilter MentionFilter TeamMentionFilter AutolinkFilter]
          .map { |name| HTML::Pipeline.const_get(name) }.freeze
HIDDEN = {
  "emoji" => /:[\w+-]+:/,
  "issue" => /(?:^|\W)#\d|\bGH-\d/i,
  "commit elsewhere" => /@\h{7}/,
  "mathematics" => /.\$|\$./,
  "unsafe" => /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff&&[^\n\t]]/
}.freeze

def tags(doc)
  doc.css("*").map(&:name).tally
end

def links(doc)
  doc.css("a").map { |a| a["href"].to_s }
end

def sources(doc)
  doc.css("*").flat_map { |e| e.attributes.values }
     .select { |a| %w[src href srcset action data poster formaction].include?(a.name) || a.name.start_with?("on") }
     .map { |a| "#{a.parent.name} #{a.name}=#{a.value[0, 60]}" }.tally
end

def hidden(doc)
  doc.search(".//text()").reject { |t| t.ancestors.any? { |a| %w[code pre a].include?(a.name) } }
     .flat_map { |t| HIDDEN.map { |kind, pattern| "#{kind}: #{t.text.strip[0, 200]}" if t.text =~ pattern } }.compact
end

def markdown(path)
  html, status = Open3.capture2(*CMARK, path)
  raise "cmark-gfm #{path}: #{status}" unless status.success?

  html.force_encoding("UTF-8")
  parsed = tags(Nokogiri::HTML::DocumentFragment.parse(html))
  seen = HTML::Pipeline.new(FILTERS, { base_url: "https://github.com/" }).call(html)
  doc = Nokogiri::HTML::DocumentFragment.parse(seen[:output].to_s)
  { parsed: parsed, tags: tags(doc), links: links(doc), hidden: hidden(doc),
    mentions: seen[:mentioned_usernames] + seen[:mentioned_teams] }
end

def page(path)
  doc = Nokogiri::HTML(File.read(path, encoding: "UTF-8"), nil, "UTF-8")
  { tags: tags(doc), sources: sources(doc) }
end

def xml(path)
  doc = Nokogiri::XML(File.read(path, encoding: "UTF-8"), nil, "UTF-8", &:strict)
  { tags: tags(doc) }
end

ARGV.each do |path|
  reader = { ".md" => :markdown, ".html" => :page, ".xml" => :xml }.fetch(File.extname(path))
  said = begin
    send(reader, path)
  rescue Nokogiri::SyntaxError => e
    { error: e.message }
  end
  puts JSON.generate(said.merge(file: path))
end
