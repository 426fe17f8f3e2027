"""Handover: one source for handbook, emails and snippets.

Data flows one way, and a stage knows no other stage; all know the model, and the command line wires them:

    data/ content/ -> load -> Catalog -> compose -> Document -> render -> Artifact -> write -> dist/
                                 check looks at what each stage made

model: what the stages hand to each other
    model.base            the base of every model of a data file
    model.located         text that knows where it was written
    model.diagnostic      a finding: place, code, sentence, hint
    model.spelling        "Did you mean …?"
    model.brand           data/brand.yml
    model.glossary        data/glossary.yml
    model.mail_client     what mail clients lack
    model.link            data/links.yml
    model.link_rules      data/link-check.yml
    model.link_report     what the link check found
    model.placeholder     data/placeholders.yml
    model.platform        data/platforms/*.yml
    model.picture         content/pictures
    model.playbook        data/playbooks/*.yml
    model.content         front matter and prose of content/
    model.catalog         everything at one root
    model.ownership       who keeps what right, and until when a review holds
    model.nodes           what a text is made of, parsed
    model.document        one message in one variant
    model.reserved        ids that pages and folders of the engine have
    model.marks           words that stand for placeholders while a text is laid out
    model.sent            values that cross to another process
    model.artifact        a file to be written

for all stages
    processes             work spread over processes

load: files to a Catalog
    load.files            text from disk: bounded, inside the root, UTF-8
    load.strays           files that have not quite the right name
    load.yaml_tree        YAML with the place of every key and value
    load.yaml_fault       where a file stops being YAML
    load.plain_text       text of which YAML makes something else than is meant
    load.indentation      the line that is indented wrongly
    load.validate         plain Python to a model, every mistake found at once
    load.shape            keys and types of a model
    load.explain          what the validation found, in the author's words
    load.front_matter     a content file in its two parts
    load.templates        templates and assets, own and built-in
    load.link_report      what the link check wrote, read again
    load.revision         the sources at another revision
    load.pictures         the pictures of emails
    load.mail_clients     what mail clients lack
    load.site_settings    what mkdocs.yml may set
    load.catalog          a root to a Catalog

compose: a Catalog to Documents
    compose.lines         `::: only` and `::: include`
    compose.language      CommonMark with placeholders and registered links
    compose.names         placeholders and links looked up
    compose.inline        the inside of one paragraph
    compose.tree          the parser's tokens to the nodes of a Document
    compose.documents     a Catalog to a Composition

render: Documents to Artifacts, without input or output
    render.spelling       how each platform writes a placeholder
    render.fragment       HTML: the fragment to paste, the inside of an email
    render.text           plain text
    render.markdown       Markdown for the handbook
    render.email_content  what a layout sees of a message
    render.email          a full email: layout, MJML, HTML
    render.email_html     its HTML, mended for today and for Word
    render.outline        headings without a gap
    render.eml            a mail draft
    render.archive        everything for a platform in one archive
    render.exports        a message in every form, for every platform
    render.pictures       the pictures of an email
    render.usage          where links and placeholders are used
    render.composer       what a page needs to fill a message in
    render.filters        what templates can do with a value
    render.pages          the handbook's pages
    render.portable       a playbook as one Markdown file
    render.health         the page of what needs somebody's attention
    render.catalog_json   catalog.json
    render.reference      every key and every command, for authors
    render.schemas        JSON Schemas of what an author writes
    render.bounds         what a template may cost, and what it may see
    render.templating     Jinja2, sandboxed

check: rules, one module a family
    check.references      ids that lead nowhere
    check.addresses       where an email cannot go
    check.literal         text in which nothing is filled in
    check.names           one finding for an id that many places ask for
    check.messages        what a customer must never get
    check.platforms       what a platform cannot write, or needs
    check.syntax          literal text that a platform would misread
    check.wording         how a message reads in an inbox
    check.link_words      link texts that say nothing, by language
    check.contrast        colours of the brand that cannot be read
    check.foreign_tokens  one platform's tokens where another one reads
    check.layouts         what a layout has to have, and may not
    check.markup          the tags of a layout
    check.css_features    what CSS asks of a mail client
    check.sources         where something is written in a template
    check.size            emails that would be cut off
    check.usage           things that nothing uses
    check.questions       open questions
    check.freshness       owners, and reviews that are overdue
    check.drafts          what somebody still has to write
    check.pictures        pictures of an older version
    check.files           what each file for a platform has to have
    check.outputs         nothing lost, nothing left over

write: what was made, on disk
    write.dist            the output folder, exchanged in one step
    write.entries         an entry added to a list of a YAML file
    write.left            what an earlier build left
    write.record          what is kept for the next command
    write.policy          the Content-Security-Policy of the site
    write.site            MkDocs
    write.site_worker     the process in which it stays loaded
    write.site_pages      its pages, on all cores
    write.archive         an archive
    write.smtp            a mail to a mail server

compare: what a change does
    compare.words         two texts, word by word
    compare.outputs       the outputs of two states of the sources

serve: a live preview
    serve.watch           noticing saves
    serve.follow          saves to pages; the last good site stays
    serve.server          HTTP, and the stream of events that pages follow
    serve.mkdocs_process  MkDocs in a process that stays loaded

links: every address of data/links.yml asked once
    links.addresses       links to the addresses that are asked
    links.urls            addresses as they go over the wire
    links.guard           private addresses are not connected to
    links.connection      sessions
    links.slots           so many at a time, two at a host
    links.fetch           one address, asked once: redirects, cookies, deadline
    links.body            a body, up to a cap
    links.page            title, heading and ids of a page
    links.observation     what was seen
    links.ask             asked again where an answer may be another one soon
    links.rules           how to tell a login, and a page that is not there
    links.judge           what an observation means
    links.cache           what earlier runs found
    links.run             a whole run
    links.report          the result as text, JSON, Code Quality and JUnit
    links.since           files at a revision of git
    links.fix             new addresses into data/links.yml

cli: the commands
    cli.options           what several commands take
    cli.pipeline          the stages, one after the other
    cli.assembly          all that is made, before it is written
    cli.memo              what was made the last time
    cli.parts             one message or snippet, all the way
    cli.formats           findings as text, JSON, Code Quality and JUnit
    cli.reports           a result into files, in other forms
    cli.terminal          findings with their source lines
    cli.selection         one message, in one variant, with values
    cli.manual            the commands as they explain themselves
    cli.rebuild           what need not be done again
    cli.building          a build from beginning to end
    cli.build_command     handover build
    cli.check_command     handover check
    cli.serve_command     handover serve
    cli.link_check        the link check of a root
    cli.links_command     handover links
    cli.diff_command      handover diff
    cli.diff_formats      what a change does as text, Markdown and JSON
    cli.show_command      handover show
    cli.list_command      handover list
    cli.export_command    handover export
    cli.send_command      handover send
    cli.explain_command   handover explain
    cli.new_command       handover new
    cli.schema_command    handover schema
    cli.init_command      handover init
"""
