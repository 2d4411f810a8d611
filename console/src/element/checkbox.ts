import 'element-plus/theme-chalk/el-checkbox.css'

export { ElCheckbox } from 'element-plus/es/components/checkbox/index'
