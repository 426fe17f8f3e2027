// Eight editors on one page. Each is `window.editors[name]`: the selector of what to click, and a function that returns its HTML.
import { ClassicEditor } from '@ckeditor/ckeditor5-editor-classic';
import { Bold, Italic } from '@ckeditor/ckeditor5-basic-styles';
import { Essentials } from '@ckeditor/ckeditor5-essentials';
import { Heading } from '@ckeditor/ckeditor5-heading';
import { Link } from '@ckeditor/ckeditor5-link';
import { List } from '@ckeditor/ckeditor5-list';
import { Paragraph } from '@ckeditor/ckeditor5-paragraph';
import { Editor } from '@tiptap/core';
import StarterKit from '@tiptap/starter-kit';
import DOMPurify from 'dompurify';
import Quill from 'quill';
import { createEditor, PastePlugin } from 'roosterjs';
import Squire from 'squire-rte';
import tinymce from 'tinymce';
import 'tinymce/models/dom';
import 'tinymce/plugins/link';
import 'tinymce/plugins/lists';
import 'tinymce/themes/silver';
import 'tinymce/icons/default';
import 'trix';

window.DOMPurify = DOMPurify; // Squire looks for it there

const host = (name, tag = 'div') => {
  const element = document.createElement(tag);
  element.id = name;
  document.body.append(element);
  return element;
};

const add = {
  async roosterjs() {
    const element = host('roosterjs');
    createEditor(element, [new PastePlugin()]);
    return ['#roosterjs', () => element.innerHTML];
  },
  async squire() {
    const editor = new Squire(host('squire'), { blockTag: 'DIV' });
    return ['#squire', () => editor.getHTML()];
  },
  async tiptap() {
    // Else it makes links of words like account.name.
    const extensions = [StarterKit.configure({ link: { autolink: false } })];
    const editor = new Editor({ element: host('tiptap'), extensions, enablePasteRules: false });
    return ['#tiptap [contenteditable]', () => editor.getHTML()];
  },
  async quill() {
    const editor = new Quill(host('quill'));
    return ['#quill .ql-editor', () => editor.getSemanticHTML()];
  },
  async trix() {
    const element = host('trix', 'trix-editor');
    return ['#trix', () => element.value];
  },
  async ckeditor() {
    const plugins = [Essentials, Paragraph, Bold, Italic, Link, List, Heading];
    const editor = await ClassicEditor.create(host('ckeditor'), { licenseKey: 'GPL', plugins, toolbar: [] });
    return ['.ck-content', () => editor.getData()];
  },
  async tinymce() {
    const bare = { inline: true, license_key: 'gpl', menubar: false, toolbar: false, skin: false, content_css: false };
    const [editor] = await tinymce.init({ ...bare, target: host('tinymce'), plugins: 'link lists' });
    return ['#tinymce', () => editor.getContent()];
  },
  async contenteditable() {
    const element = host('contenteditable');
    element.contentEditable = 'true';
    return ['#contenteditable', () => element.innerHTML];
  },
};

window.editors = {};
window.ready = Promise.all(
  Object.entries(add).map(async ([name, start]) => {
    const [selector, html] = await start();
    window.editors[name] = { selector, html };
  }),
);
